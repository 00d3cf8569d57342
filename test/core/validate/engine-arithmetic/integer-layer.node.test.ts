import assert from 'node:assert/strict';
import { test } from 'node:test';
import { feedsOf, floats, modelOf } from '../../../ort/run-support.ts';
import { followed, numbersOf } from './engine-support.ts';

const { fround } = Math;

function roundHalfToEven(x: number): number {
  const near = Math.round(x);
  return near - x === 0.5 && near % 2 !== 0 ? near - 1 : near;
}
const int8 = (x: number): number => Math.max(-128, Math.min(127, roundHalfToEven(x)));

/** A 1 × 1 Conv between two quantizers; what it gives is read as integers times `so`. */
const chain = (
  { sx, sw, so, bias }: Readonly<Record<string, number>>,
  count: number,
) => `net (float[1,1,1,${count}] x) => (float[1,1,1,${count}] y)
  <float sx = {${sx}}, float sw = {${sw}}, float so = {${so}}, int8 z = {0}, float[1,1,1,1] w = {${127 * sw!}},
   float[1] b = {${bias}}>
{
  [qx] xq = QuantizeLinear (x, sx, z)
  [dx] xd = DequantizeLinear (xq, sx, z)
  [qw] wq = QuantizeLinear (w, sw, z)
  [dw] wd = DequantizeLinear (wq, sw, z)
  [conv] c = Conv (xd, wd, b)
  [relu] r = Relu (c)
  [qy] rq = QuantizeLinear (r, so, z)
  [dy] rd = DequantizeLinear (rq, so, z)
  [last] y = Sigmoid (rd)
}`;

test('a layer from INT8 to INT8 scales its sum once, by one factor, and rounds once', async () => {
  const settings = { sx: 0.07, sw: 0.013, so: 0.0455, bias: 0.31 };
  const model = modelOf(chain(settings, 256));
  const codes = Array.from({ length: 256 }, (_, i) => i - 128);
  const sx = fround(settings.sx);
  const feeds = feedsOf({
    x: floats(
      codes.map((q) => fround(q * sx)),
      [1, 1, 1, 256],
    ),
  });
  const so = fround(settings.so);
  const factor = fround(fround(sx * fround(settings.sw)) / so);
  const bias = fround(fround(settings.bias) / so);
  // Products of FP32 are exact in FP64.
  const expected = codes.map((q) => int8(Math.max(0, fround(q * 127 * factor + bias))));
  assert.deepEqual(await numbersOf(followed(model).model, feeds, 'rq'), expected);
});

test('ties go to the even neighbour, and the ends cut off', async () => {
  const settings = { sx: 1, sw: 1, so: 254, bias: 0 };
  const feeds = feedsOf({ x: floats([1, 3, 5, 7, 9, 127], [1, 1, 1, 6]) });
  // q · 127 / 254 = q / 2
  assert.deepEqual(
    await numbersOf(followed(modelOf(chain(settings, 6))).model, feeds, 'rq'),
    [0, 2, 2, 4, 4, 64],
  );
  const small = { ...settings, so: 127 / 2 };
  assert.deepEqual(
    await numbersOf(followed(modelOf(chain(small, 6))).model, feeds, 'rq'),
    [2, 6, 10, 14, 18, 127],
  );
});

test('sums of products stay exact beyond what FP32 holds', async () => {
  const channels = 2600;
  // 1300 · 127² is above 2^24; then as much is taken away again, and 1 is left over.
  const weights: number[] = Array.from({ length: channels }, (_, i) => (i < 1299 ? 127 : -127));
  const x: number[] = Array.from({ length: channels }, (_, i) => (i < 2598 ? 127 : 0));
  weights[channels - 1] = 1;
  x[channels - 1] = 1;
  const model = modelOf(`net (float[1,${channels},1,1] x) => (float[1,1,1,1] y)
    <float s = {1}, int8 z = {0}, float[1,${channels},1,1] w = {${weights.join(', ')}}>
  {
    [qx] xq = QuantizeLinear (x, s, z)
    [dx] xd = DequantizeLinear (xq, s, z)
    [qw] wq = QuantizeLinear (w, s, z)
    [dw] wd = DequantizeLinear (wq, s, z)
    [conv] y = Conv (xd, wd)
  }`);
  const engine = followed(model);
  const opTypes = [...engine.model.graph.nodes()].map(({ opType }) => opType);
  assert.ok(opTypes.includes('ConvInteger'));
  const feeds = feedsOf({ x: floats(x, [1, channels, 1, 1]) });
  assert.deepEqual(await numbersOf(engine.model, feeds, 'y'), [1]);
});

const RESIDUAL = `net (float[1,1,1,4] x, float[1,1,1,4] r) => (float[1,1,1,4] y)
  <float one = {1}, float half = {0.5}, float two = {2}, int8 z = {0}, float[1,1,1,1] w = {1}>
{
  [qx] xq = QuantizeLinear (x, half, z)
  [dx] xd = DequantizeLinear (xq, half, z)
  [qw] wq = QuantizeLinear (w, one, z)
  [dw] wd = DequantizeLinear (wq, one, z)
  [conv] c = Conv (xd, wd)
  [qr] rq = QuantizeLinear (r, half, z)
  [dr] rd = DequantizeLinear (rq, half, z)
  [add] a = Add (c, rd)
  [relu] p = Relu (a)
  [qy] pq = QuantizeLinear (p, two, z)
  [dy] pd = DequantizeLinear (pq, two, z)
  [last] y = Sigmoid (pd)
}`;

test('a shortcut is added before the one rounding', async () => {
  const feeds = feedsOf({
    x: floats([0.5, 2.5, 1.5, -4], [1, 1, 1, 4]),
    r: floats([0.5, 2.5, 2, 1], [1, 1, 1, 4]),
  });
  const { model } = followed(modelOf(RESIDUAL));
  // 1 / 2 → 0, 5 / 2 → 2, 3.5 / 2 → 2; each operand rounded by itself would give 0 + 0, 1 + 1, 1 + 1.
  assert.deepEqual(await numbersOf(model, feeds, 'pq'), [0, 2, 2, 0]);
});

test('a product by a matrix and its transpose are summed up on integers', async () => {
  for (const transB of [0, 1]) {
    const w = transB === 1 ? '{1, 3, 5, 2, 4, 6}' : '{1, 2, 3, 4, 5, 6}';
    const model = modelOf(`net (float[1,3] x) => (float[1,2] y)
      <float s = {0.5}, int8 z = {0}, float[${transB === 1 ? '2,3' : '3,2'}] w = ${w}, float[2] b = {0.25, -1},
       float[2] ws = {1, 2}, int8[2] wz = {0, 0}>
    {
      [qx] xq = QuantizeLinear (x, s, z)
      [dx] xd = DequantizeLinear (xq, s, z)
      [qw] wq = QuantizeLinear <axis = ${1 - transB}> (w, ws, wz)
      [dw] wd = DequantizeLinear <axis = ${1 - transB}> (wq, ws, wz)
      [fc] y = Gemm <transB = ${transB}> (xd, wd, b)
    }`);
    const engine = followed(model);
    assert.deepEqual(engine.remarks, []);
    assert.ok([...engine.model.graph.nodes()].some(({ opType }) => opType === 'MatMulInteger'));
    const feeds = feedsOf({ x: floats([1, 2, 0.5], [1, 3]) });
    // 1·1 + 2·3 + 0.5·5 + 0.25; 1·2 + 2·4 + 0.5·6 - 1
    assert.deepEqual(await numbersOf(engine.model, feeds, 'y'), [9.75, 12]);
  }
});
