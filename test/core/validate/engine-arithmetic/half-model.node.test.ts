import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runFloats } from '../../../../src/core/calibrate/run-floats.ts';
import { encodeSmallFloat } from '../../../../src/core/ir/small-floats.ts';
import { feedsOf, modelOf, noise } from '../../../ort/run-support.ts';
import { followed, run } from './engine-support.ts';

const MODEL = `net (float16[1,4,6,6] x) => (float16[1,4,6,6] y)
  <float16 s = {0.03125}, int8 z = {0}, float16[4,4,1,1] w = {0.5, 0.25, -0.125, 1, 0.5, 0.25, -0.125, 1,
    0.5, 0.25, -0.125, 1, 0.5, 0.25, -0.125, 1}, float16[4] b = {0.125, 0, 1, -1}>
{
  [qx] xq = QuantizeLinear (x, s, z)
  [dx] xd = DequantizeLinear (xq, s, z)
  [qw] wq = QuantizeLinear (w, s, z)
  [dw] wd = DequantizeLinear (wq, s, z)
  [conv] c = Conv (xd, wd, b)
  [sig] g = Sigmoid (c)
  [mul] y = Mul (c, g)
}`;

test('a network that is FP16 itself is followed too, and keeps its types', async () => {
  const model = modelOf(MODEL);
  const engine = followed(model);
  const codes = noise(144, 7).map((x) => encodeSmallFloat('float16', x));
  const x = { dataType: 'float16', dims: [1, 4, 6, 6], data: Uint16Array.from(codes) } as const;
  const [plain, ours] = [
    (await run(model, feedsOf({ x }), ['y'])).get('y'),
    (await run(engine.model, feedsOf({ x }), ['y'])).get('y'),
  ];
  assert.ok(plain && ours);
  assert.equal(ours.dataType, 'float16');
  assert.ok([...engine.model.graph.nodes()].some(({ name }) => name.startsWith('conv_result')));
  const [a, b] = [runFloats(plain), runFloats(ours)];
  a?.forEach((number, i) => {
    assert.ok(Math.abs(number - (b?.[i] ?? NaN)) <= 2 ** -8, `${number} ${b?.[i]}`);
  });
});
