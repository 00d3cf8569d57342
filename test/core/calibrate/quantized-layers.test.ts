import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onlyQuantized, quantizedLayers } from '../../../src/core/calibrate/quantized-layers.ts';
import { checkGraph } from '../../../src/core/ir/check-graph.ts';
import type { Model } from '../../../src/core/ir/model.ts';
import { printOnnxText } from '../../../src/core/onnx/text/print-onnx-text.ts';
import { modelOf } from '../explain/text-models.ts';
import { TWO_LAYERS } from './calibrate-models.ts';

function alone(model: Model, layer: string): Model {
  const found = quantizedLayers(model.graph).find(({ node }) => node === layer);
  assert.ok(found);
  const before = printOnnxText(model);
  const made = onlyQuantized(model, found).model;
  assert.deepEqual(checkGraph(made.graph), []);
  assert.equal(printOnnxText(model), before);
  return made;
}
const inputsOf = (model: Model, node: string): (string | undefined)[] =>
  (model.graph.node(node)?.inputs ?? []).map((value) => value?.name);

test('layers with weights, and the DQs that each reads', () => {
  assert.deepEqual(quantizedLayers(modelOf(TWO_LAYERS).graph), [
    { node: 'first', opType: 'MatMul', dequantizers: ['a_dq', 'w1_dq'] },
    { node: 'second', opType: 'MatMul', dequantizers: ['b_dq', 'w2_dq'] },
  ]);
});

test('a pair that others read too goes on for one layer alone', () => {
  const first = alone(modelOf(TWO_LAYERS), 'first');
  assert.deepEqual(inputsOf(first, 'first'), ['a', 'w1_d']);
  assert.deepEqual(inputsOf(first, 'second'), ['f', 'w2']);
  assert.deepEqual(inputsOf(first, 'sum'), ['g', 'x']);
  const second = alone(modelOf(TWO_LAYERS), 'second');
  assert.deepEqual(inputsOf(second, 'first'), ['x', 'w1']);
  assert.deepEqual(inputsOf(second, 'second'), ['b', 'w2_d']);
  assert.deepEqual(inputsOf(second, 'sum'), ['g', 'x']);
});

test('a DQ behind a Transpose, and one that is an output of the network', () => {
  const model = modelOf(`
g (float[2, 2] x) => (float[2, 2] y, float[2, 2] a)
<float[2, 2] w = {1, 2, 3, 4}, float s = {0.5}, int8 z = {0}>
{
  [a_q] a_i = QuantizeLinear(x, s, z)
  [a_dq] a = DequantizeLinear(a_i, s, z)
  [w_q] w_i = QuantizeLinear(w, s, z)
  [w_dq] w_d = DequantizeLinear(w_i, s, z)
  [turn] w_t = Transpose <perm = [1, 0]> (w_d)
  [product] y = MatMul(a, w_t)
}`);
  assert.deepEqual(quantizedLayers(model.graph)[0]?.dequantizers, ['a_dq', 'w_dq']);
  const made = alone(model, 'product');
  assert.deepEqual(inputsOf(made, 'turn'), ['w_d']);
  assert.equal(made.graph.value('a')?.producer()?.opType, 'Identity');
  assert.equal(made.graph.node('product')?.inputs[0]?.producer()?.name, 'a_dq');
});
