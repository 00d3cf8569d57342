import assert from 'node:assert/strict';
import { test } from 'node:test';
import { floatModel } from '../../../src/core/calibrate/float-model.ts';
import type { FloatModel } from '../../../src/core/calibrate/float-model.ts';
import { checkGraph } from '../../../src/core/ir/check-graph.ts';
import type { Model } from '../../../src/core/ir/model.ts';
import { printOnnxText } from '../../../src/core/onnx/text/print-onnx-text.ts';
import { modelOf } from '../explain/text-models.ts';
import { CHAIN, TWO_LAYERS, pending } from './calibrate-models.ts';

function float(model: Model, options: { readonly float?: boolean } = {}): FloatModel {
  const before = printOnnxText(model);
  const made = floatModel(model, options);
  assert.deepEqual(checkGraph(made.model.graph), []);
  assert.equal(printOnnxText(model), before, 'the original stays');
  return made;
}
const operators = ({ model }: FloatModel): string[] =>
  [...model.graph.nodes()].map(({ opType }) => opType);

test('pairs that wait for calibration go, values keep their names', () => {
  const made = float(pending(['x', 'r', 'm']));
  assert.deepEqual(operators(made), ['Relu', 'MatMul', 'Relu']);
  for (const name of ['x', 'r', 'm', 'y']) assert.ok(made.model.graph.value(made.nameOf(name)));
  assert.equal(made.nameOf('r'), 'r');
});

test('pairs with known scales stay unless asked for; those on weights go', () => {
  const model = modelOf(TWO_LAYERS);
  const kept = operators(float(model));
  assert.equal(kept.filter((opType) => opType.endsWith('Linear')).length, 4);
  assert.deepEqual(operators(float(model, { float: true })), ['MatMul', 'MatMul', 'Add']);
});

test('a value that a removed DQ made is found where its Q read', () => {
  const model = pending(
    ['m_dequantized'],
    CHAIN.replaceAll('m)', 'm_dequantized)').replace('[product] m =', '[product] m_dequantized ='),
  );
  assert.ok(model.graph.value('m_dequantized_quantized'));
  const made = float(model);
  assert.equal(made.nameOf('m_dequantized_dequantized'), 'm_dequantized');
});

test('an output of the network keeps its name when its DQ goes', () => {
  const made = float(
    modelOf(`
g (float[2] x) => (float[2] y, int8[2] q)
<float s = {0.5}, int8 z = {0}>
{
  [relu] r = Relu(x)
  [quantize] q = QuantizeLinear(r, s, z)
  [dequantize] y = DequantizeLinear(q, s, z)
}`),
    { float: true },
  );
  assert.deepEqual(operators(made), ['Relu', 'Identity', 'Identity']);
  assert.equal(made.nameOf('y'), 'y');
  assert.equal(made.model.graph.value('q')?.dataType, 'float32');
});

test('reshapes between Q and DQ work on floats then', () => {
  const model = modelOf(`
g (float[1, 2] x) => (float[2] y)
<float s = {0.5}, float t = {0.25}, int8 z = {0}, int64[1] shape = {2}, float w = {3}>
{
  [quantize] q = QuantizeLinear(x, s, z)
  [reshape] i = Reshape(q, shape)
  [dequantize] y = DequantizeLinear(i, t, z)
}`);
  const value = model.graph.value('i');
  assert.ok(value);
  value.dataType = 'int8';
  const tensor = model.graph.value('s')?.tensor;
  assert.ok(tensor);
  model.graph.addInitializer('s', { ...tensor, placeholder: true });
  const made = float(model);
  assert.deepEqual(operators(made), ['Reshape', 'Identity']);
  assert.equal(made.model.graph.value('i')?.dataType, 'float32');
});

test('weights that are stored quantized keep their DQ', () => {
  const made = float(
    modelOf(`
g (float[1, 2] x) => (float[1, 2] y)
<int8[2, 2] w = {1, 2, 3, 4}, float s = {0.5}, int8 z = {0}>
{
  [dequantize] d = DequantizeLinear(w, s, z)
  [product] y = MatMul(x, d)
}`),
    { float: true },
  );
  assert.deepEqual(operators(made), ['DequantizeLinear', 'MatMul']);
});
