import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunData, RunTensor } from '../../../src/core/inputs/run-tensor.ts';
import { countUnequal, hasSameBits, runNumbers } from '../../../src/core/validate/run-numbers.ts';

const tensor = (dataType: RunTensor['dataType'], data: RunData): RunTensor => ({
  dataType,
  dims: [data.length],
  data,
});

test('bits are compared at any width and place in memory', () => {
  const bytes = Uint8Array.of(9, 1, 2, 3, 4, 5, 6, 7, 8, 0);
  const whole = tensor('uint8', Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
  assert.ok(hasSameBits(whole, tensor('uint8', bytes.subarray(1, 9))), 'not aligned');
  assert.ok(!hasSameBits(whole, tensor('uint8', bytes.subarray(2, 10))));
  assert.ok(!hasSameBits(whole, tensor('uint8', bytes.subarray(1, 8))), 'shorter');
  const zeros = [0, -0].map((zero) => tensor('float32', Float32Array.of(zero)));
  assert.ok(!hasSameBits(zeros[0]!, zeros[1]!));
});

test('64-bit integers differ where f32 sees no difference', () => {
  const [a, b] = [2n ** 60n, 2n ** 60n + 1n].map((x) => tensor('int64', BigInt64Array.of(x)));
  assert.ok(a && b);
  assert.deepEqual(runNumbers(a), runNumbers(b));
  assert.equal(countUnequal(a, b), 1);
});
