import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boundsOf } from '../../../../src/core/passes/facts/value-bounds.ts';
import type { Bounds } from '../../../../src/core/passes/facts/value-bounds.ts';
import { inferShapes } from '../../../../src/core/ir/infer/infer-shapes.ts';
import { constantOf } from '../../../../src/core/ir/quantizer-nodes.ts';
import { tensorNumbers } from '../../../../src/core/ir/tensor-values.ts';
import type { PassContext } from '../../../../src/core/passes/rewrite-pass.ts';
import { textModel } from '../../sim/text-model.ts';

/** Bounds of `y` in a graph of these nodes over x, whose elements may be anything. */
function boundsIn(nodes: string): Bounds {
  const model = textModel(`<ir_version: 8, opset_import: ["" : 17]>
g (float[1, 4, 6, 6] x) => (float[] y)
<float[4, 4, 1, 1] w = {0.5 ...}, float[4, 4, 1, 1] v = {-0.5 ...}, float[4] b = {0.25 ...}, float[4] c = {-1 ...},
 float two = {2}, float less = {-2}, float s = {0.5}, int8 z = {0}, uint8 u = {0}, uint8 shifted = {7}, int64[8] pads = {0, 0, 1, 1, 0, 0, 1, 1}>
{
${nodes}
}`);
  inferShapes(model);
  const context: PassContext = {
    model,
    graph: model.graph,
    target: { trt: '10.6', sm: 90, mode: 'best' },
    settings: {},
    numbers: (value) => {
      const tensor = constantOf(value);
      return tensor && tensorNumbers(tensor);
    },
    freshName: (wish) => wish,
  };
  return boundsOf(model.graph.value('y'), context);
}

test('nothing is known of an input, nor of what only moves it', () => {
  assert.deepEqual(boundsIn('y = Transpose (x)'), { min: -Infinity, max: Infinity });
});

test('functions give their ranges, whatever goes in', () => {
  assert.equal(boundsIn('y = Relu (x)').min, 0);
  assert.equal(boundsIn('y = Softmax (x)').min, 0);
  assert.ok(boundsIn('y = Tanh (x)').min <= -1);
  assert.deepEqual(boundsIn('y = Clip (x, less, two)'), { min: -2, max: 2 });
});

test('sums, products and differences follow the signs', () => {
  assert.equal(boundsIn('a = Sigmoid (x)\n b1 = Relu (x)\n y = Add (a, b1)').min, 0);
  assert.equal(boundsIn('a = Sigmoid (x)\n b1 = Relu (x)\n y = Mul (a, b1)').min, 0);
  assert.equal(boundsIn('y = Mul (x, x)').min, 0);
  assert.ok(boundsIn('a = Sigmoid (x)\n y = Mul (a, less)').min < -2);
  assert.equal(boundsIn('a = Relu (x)\n y = Sub (x, a)').min, -Infinity);
});

test('convolutions keep a sign that input, weights and bias share', () => {
  assert.equal(boundsIn('a = Relu (x)\n y = Conv (a, w, b)').min, 0);
  assert.equal(boundsIn('a = Relu (x)\n y = ConvTranspose (a, w)').min, 0);
  for (const nodes of ['y = Conv (a, v, b)', 'y = Conv (a, w, c)', 'y = Conv (x, w, b)'])
    assert.equal(boundsIn(`a = Relu (x)\n ${nodes}`).min, -Infinity, nodes);
});

test('a pair keeps signs whatever its zero point, and symmetric INT8 bounds magnitudes', () => {
  const pair = (zero: string, maker = 'Sigmoid'): string =>
    `a = ${maker} (x)\n q = QuantizeLinear (a, s, ${zero})\n y = DequantizeLinear (q, s, ${zero})`;
  assert.deepEqual(boundsIn(pair('z')), { min: 0, max: 64 });
  assert.deepEqual(boundsIn(pair('z', 'Sin')), { min: -64, max: 64 });
  assert.equal(boundsIn(pair('shifted')).min, 0);
  assert.equal(boundsIn(pair('shifted', 'Sin')).min, -Infinity);
  assert.equal(boundsIn(pair('u', 'Sin')).min, 0, 'uint8 from 0 holds nothing below');
});

test('padding adds what it fills in', () => {
  assert.equal(boundsIn('a = Sigmoid (x)\n y = Pad (a, pads)').min, 0);
  assert.equal(boundsIn('a = Sigmoid (x)\n y = Pad (a, pads, less)').min, -2);
});

test('second outputs are not values of the first', () => {
  const bounds = boundsIn(
    'a = Relu (x)\n m, i = MaxPool <kernel_shape = [2, 2]> (a)\n y = Cast <to = 1> (i)',
  );
  assert.equal(bounds.min, -Infinity);
});
