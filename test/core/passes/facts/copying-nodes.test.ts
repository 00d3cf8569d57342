import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  dataInputs,
  isCopying,
  isCopyingInPlace,
  pairAbove,
} from '../../../../src/core/passes/facts/copying-nodes.ts';
import { asked, pair } from './pass-context.ts';

const CONSTANTS =
  ', int64[1] zero = {0}, int64[1] end = {8}, int64[1] axis = {2}, int64[1] one = {1}, int64[1] two = {2}' +
  ', int64[8] pads = {0, 0, 1, 1, 0, 0, 1, 1}, float none = {0}, float some = {1}, float[4] twice = {1, 1, 2, 2}';

const CASES: readonly (readonly [node: string, copies: boolean])[] = [
  ['MaxPool <kernel_shape = [2, 2]> (x)', true],
  ['AveragePool <kernel_shape = [2, 2]> (x)', false],
  ['Transpose (x)', true],
  ['Slice (x, zero, end, axis)', true],
  ['Slice (x, zero, end, axis, one)', true],
  ['Slice (x, zero, end, axis, two)', false],
  ['Pad (x, pads)', true],
  ['Pad (x, pads, none)', true],
  ['Pad (x, pads, some)', false],
  ['Pad <mode = "reflect"> (x, pads)', false],
  ['Resize (x, , twice)', true],
  ['Resize <mode = "linear"> (x, , twice)', false],
  ['Relu (x)', false],
];

test('nodes over which Q and DQ move are those that engines show', () => {
  for (const [text, copies] of CASES) {
    const { context, node } = asked('float[] y', [`y = ${text}`], CONSTANTS);
    assert.equal(isCopying(node('y'), context), copies, text);
  }
});

test('a Resize copies, but not in place', () => {
  const { context, node } = asked('float[] y', ['y = Resize (x, , twice)'], CONSTANTS);
  assert.equal(isCopyingInPlace(node('y'), context), false);
});

test('a copy of integers comes from the pair above, arithmetic does not', () => {
  const { context, value, node } = asked('float[] r, float[] k', [
    ...[pair('x'), 't1 = Transpose (x_d)', 'k = MaxPool <kernel_shape = [2, 2]> (t1)'],
    ...['r = Relu (x_d)'],
  ]);
  assert.equal(pairAbove(value('k'), context)?.quantize.name, node('x_q').name);
  assert.equal(pairAbove(value('r'), context), undefined);
  assert.equal(pairAbove(value('x'), context), undefined);
});

test('constants, quantized ones too, are no data', () => {
  const { node } = asked('float[] y', [
    'w_q = QuantizeLinear (w, s, z) w_d = DequantizeLinear (w_q, s, z) y = Conv (x, w_d)',
  ]);
  assert.deepEqual(
    dataInputs(node('y')).map(({ value, input }) => [value.name, input]),
    [['x', 0]],
  );
});
