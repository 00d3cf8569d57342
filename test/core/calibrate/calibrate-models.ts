import assert from 'node:assert/strict';
import {
  constantOf,
  dequantizersOf,
  isQuantizeNode,
} from '../../../src/core/ir/quantizer-nodes.ts';
import { tensorNumbers } from '../../../src/core/ir/tensor-values.ts';
import type { Tensor } from '../../../src/core/ir/tensor.ts';
import { applyEdits } from '../../../src/core/placement/apply-edits.ts';
import type { Model } from '../../../src/core/ir/model.ts';
import { modelOf, valueOf } from '../explain/text-models.ts';

/** x → Relu → r → MatMul with w → m → Relu → y: rows of two, w turns (a, b) into (a - b, 2 b). */
export const CHAIN = `
g (float[1, 2] x) => (float[1, 2] y)
<float[2, 2] w = {1, 0, -1, 2}>
{
  [relu] r = Relu(x)
  [product] m = MatMul(r, w)
  [end] y = Relu(m)
}`;

/** The chain with pairs on `values` whose scales wait for calibration. */
export const pending = (values: readonly string[], text = CHAIN): Model =>
  valueOf(
    applyEdits(
      modelOf(text),
      values.map(
        (value) => ({ kind: 'add-pair', value, scale: { kind: 'to-calibrate' } }) as const,
      ),
    ),
  );

/** Pairs on `r` and `m` with one scale between them. */
export function sharing(): Model {
  const model = pending(['r', 'm']);
  const from = quantizerOf(model, 'r');
  const edit = { kind: 'share-scale', from, quantizers: [quantizerOf(model, 'm')] } as const;
  return valueOf(applyEdits(model, [edit]));
}

/** The name of the first QuantizeLinear that reads `value`. */
export function quantizerOf({ graph }: Model, value: string): string {
  const found = graph.value(value)?.consumers().find(isQuantizeNode);
  assert.ok(found, `a QuantizeLinear reads ${value}`);
  return found.name;
}

/** The scale at which `value` is quantized. */
export function scaleOf(model: Model, value: string): number {
  const tensor = scaleTensor(model, value);
  return tensorNumbers(tensor)?.[0] ?? NaN;
}

/** The constant that holds the scale of `value`, which has to be that of all its DQs too. */
export function scaleTensor(model: Model, value: string): Tensor {
  const quantize = model.graph.node(quantizerOf(model, value));
  const tensor = constantOf(quantize?.inputs[1]);
  assert.ok(quantize && tensor);
  for (const dequantize of dequantizersOf(quantize))
    assert.equal(constantOf(dequantize.inputs[1]), tensor);
  return tensor;
}

/** Two layers; the pair `a` on the input is read by both, `b` only by the second; weights have pairs of their own. */
export const TWO_LAYERS = `
g (float[1, 2] x) => (float[1, 2] y)
<float[2, 2] w1 = {1, 0.3, -0.7, 2}, float[2, 2] w2 = {0.11, 0.5, 0.25, -1}, float s = {0.1}, float coarse = {2},
 float ws = {0.02}, int8 z = {0}>
{
  [a_q] a_i = QuantizeLinear(x, s, z)
  [a_dq] a = DequantizeLinear(a_i, s, z)
  [w1_q] w1_i = QuantizeLinear(w1, ws, z)
  [w1_dq] w1_d = DequantizeLinear(w1_i, ws, z)
  [first] f = MatMul(a, w1_d)
  [b_q] b_i = QuantizeLinear(f, coarse, z)
  [b_dq] b = DequantizeLinear(b_i, coarse, z)
  [w2_q] w2_i = QuantizeLinear(w2, ws, z)
  [w2_dq] w2_d = DequantizeLinear(w2_i, ws, z)
  [second] g = MatMul(b, w2_d)
  [sum] y = Add(g, a)
}`;
