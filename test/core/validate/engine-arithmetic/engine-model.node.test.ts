import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeSmallFloat, encodeSmallFloat } from '../../../../src/core/ir/small-floats.ts';
import { engineModel } from '../../../../src/core/validate/engine-arithmetic/engine-model.ts';
import { NETWORK, NETWORK_FEEDS, feedsOf, floats, modelOf } from '../../../ort/run-support.ts';
import { engineOf, followed, numbersOf } from './engine-support.ts';

test('a Q that is a layer multiplies by 127 / (127 · scale), as real engines do next to ties', async () => {
  const model = modelOf(`net (float[1,1,1,3] x) => (float[1,1,1,3] y)
    <float s = {0.06}, int8 z = {0}, float[1,1,1,1] w = {1}>
  {
    [qx] xq = QuantizeLinear (x, s, z)
    [dx] xd = DequantizeLinear (xq, s, z)
    [qw] wq = QuantizeLinear (w, s, z)
    [dw] wd = DequantizeLinear (wq, s, z)
    [conv] y = Conv (xd, wd)
  }`);
  // The first two are of inputs that a real engine was given; it took 6 and 25.
  const x = [0.39000001549720764, 1.5299999713897705, 0.12];
  const feeds = feedsOf({ x: floats(x, [1, 1, 1, 3]) });
  assert.deepEqual(await numbersOf(model, feeds, 'xq'), [7, 26, 2]);
  assert.deepEqual(await numbersOf(followed(model).model, feeds, 'xq'), [6, 25, 2]);
});

const CHAIN = `net (float[1,1,1,64] x) => (float[1,1,1,64] y) {
  [mul] m = Mul (x, x)
  [pool] p = MaxPool <kernel_shape = [1, 1]> (m)
  [soft] y = Softmax <axis = 3> (p)
}`;

test('what is stored in FP16 is rounded to it, and nothing else is', async () => {
  const x = Array.from({ length: 64 }, (_, i) =>
    Math.fround(Math.sin(i * 1.37) * 10 ** ((i % 9) - 5)),
  );
  const feeds = feedsOf({ x: floats(x, [1, 1, 1, 64]) });
  const model = modelOf(CHAIN);
  const half = followed(model, { m: 'Half', p: 'Float' });
  assert.equal(half.tensors.get('m')?.dataType, 'Half');
  const rounded = x.map((v) =>
    decodeSmallFloat('float16', encodeSmallFloat('float16', Math.fround(v * v))),
  );
  assert.deepEqual(await numbersOf(half.model, feeds, 'p'), rounded);
  // Where only timing decides, the numbers stay as they are.
  const open = followed(model);
  assert.match(open.remarks.map(({ text }) => text).join(), /decided by timing/);
  assert.deepEqual(await numbersOf(open.model, feeds, 'y'), await numbersOf(model, feeds, 'y'));
});

test('names and order of outputs stay, and the model itself is not touched', async () => {
  const model = modelOf(NETWORK);
  const before = [...model.graph.nodes()].map(({ name }) => name);
  const engine = followed(model);
  assert.deepEqual(
    [...model.graph.nodes()].map(({ name }) => name),
    before,
  );
  assert.deepEqual(
    engine.model.graph.outputs.map(({ name }) => name),
    ['y'],
  );
  const [a, b] = [model, engine.model].map((each) => numbersOf(each, NETWORK_FEEDS, 'y'));
  const [plain, ours] = [await a, await b];
  assert.ok(plain && ours);
  plain.forEach((number, i) => {
    assert.ok(Math.abs(number - (ours[i] ?? NaN)) < 1e-5);
  });
});

const OTHER = 'net (float[1] x) => (float[1] y) { [elsewhere] y = Relu (x) }';

test('an engine of another model is refused', () => {
  const result = engineModel(modelOf(OTHER), engineOf(modelOf(NETWORK)));
  assert.equal(result.ok ? '' : result.error.code, 'validate/engine-of-other-model');
});
