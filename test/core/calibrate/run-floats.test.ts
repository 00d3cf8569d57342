import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runFloats } from '../../../src/core/calibrate/run-floats.ts';
import type { RunData } from '../../../src/core/inputs/run-tensor.ts';
import type { DataType } from '../../../src/core/ir/data-type.ts';

const floatsOf = (dataType: DataType, data: RunData): number[] | undefined => {
  const numbers = runFloats({ dataType, dims: [data.length], data });
  return numbers && [...numbers];
};

test('float32 is not copied', () => {
  const data = Float32Array.of(1, NaN);
  assert.equal(runFloats({ dataType: 'float32', dims: [2], data }), data);
});

test('the bits of float16 and bfloat16, and doubles', () => {
  // 1, -2, smallest denormal, largest, infinity, minus zero
  const halves = Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00, 0x8000);
  assert.deepEqual(floatsOf('float16', halves), [1, -2, 2 ** -24, 65504, Infinity, -0]);
  assert.deepEqual(floatsOf('bfloat16', Uint16Array.of(0x3f80, 0xff80, 0x4049)), [
    1,
    -Infinity,
    3.140625,
  ]);
  assert.deepEqual(floatsOf('float64', Float64Array.of(0.5, 1e300)), [0.5, Infinity]);
});

test('integers are no floats, also where their array is the one of float16', () => {
  assert.equal(floatsOf('uint16', Uint16Array.of(1)), undefined);
  assert.equal(floatsOf('int8', Int8Array.of(1)), undefined);
  assert.equal(floatsOf('int64', BigInt64Array.of(1n)), undefined);
});
