import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelOf } from '../../../ort/run-support.ts';
import { followed } from './engine-support.ts';

/** A Conv on INT8 with `steps` between it and a Q. */
const convNet = (
  steps: string,
  last: string,
): string => `net (float[1,4,8,8] x) => (float[1,4,8,8] y)
  <float s = {0.05}, int8 z = {0}, float[4,4,3,3] w = {0.1 ...}, float ws = {0.01}, int8 wz = {0}>
{
  [qx] xq = QuantizeLinear (x, s, z)
  [dx] xd = DequantizeLinear (xq, s, z)
  [qw] wq = QuantizeLinear (w, ws, wz)
  [dw] wd = DequantizeLinear (wq, ws, wz)
  [conv] c = Conv <pads = [1, 1, 1, 1]> (xd, wd)
  ${steps}
  [qy] yq = QuantizeLinear (${last}, s, z)
  [dy] yd = DequantizeLinear (yq, s, z)
  [conv2] y = Conv <pads = [1, 1, 1, 1]> (yd, wd)
}`;

const remarks = (text: string) =>
  followed(modelOf(text)).remarks.map(({ text: words, names }) => [words, names] as const);

test('what is followed to the bit gives no remark', () => {
  assert.deepEqual(remarks(convNet('[relu] r = Relu (c)', 'r')), []);
});

test('another activation before the Q is named, for its order in the kernel is not measured', () => {
  const found = remarks(convNet('[sig] g = Sigmoid (c) [mul] r = Mul (c, g)', 'r'));
  const [words, names] = found.find(([text]) => text.startsWith('what stands between')) ?? [];
  assert.match(words ?? '', /is not measured$/);
  assert.deepEqual(names, ['sig', 'mul']);
});

test('a pool on INT8 is named, for its rounding is not measured', () => {
  const net = `net (float[1,4,8,8] x) => (float[1,4,8,8] y)
  <float s = {0.05}, int8 z = {0}>
{
  [qx] xq = QuantizeLinear (x, s, z)
  [dx] xd = DequantizeLinear (xq, s, z)
  [pool] p = AveragePool <kernel_shape = [3, 3], pads = [1, 1, 1, 1]> (xd)
  [qy] yq = QuantizeLinear (p, s, z)
  [dy] y = DequantizeLinear (yq, s, z)
}`;
  const found = remarks(net);
  assert.deepEqual(
    found
      .filter(([text]) => text.startsWith('on INT8 without a product'))
      .map(([, names]) => names),
    [['pool']],
  );
});

test('a product whose scales do not factor out is named with the reason', () => {
  // A scale for each row of what is summed up.
  const net = `net (float[2,3] x) => (float[2,2] y)
  <float s = {0.5}, int8 z = {0}, float[3,2] w = {0.1 ...}, float[3] ws = {1, 2, 1}, int8[3] wz = {0, 0, 0}>
{
  [qx] xq = QuantizeLinear (x, s, z)
  [dx] xd = DequantizeLinear (xq, s, z)
  [qw] wq = QuantizeLinear <axis = 0> (w, ws, wz)
  [dw] wd = DequantizeLinear <axis = 0> (wq, ws, wz)
  [mm] y = MatMul (xd, wd)
}`;
  const found = remarks(net).filter(([text]) => text.startsWith('not computed on integers'));
  assert.deepEqual(found, [
    ['not computed on integers, for its scales or factors do not leave the sum', ['mm']],
  ]);
});
