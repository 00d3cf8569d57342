import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainKernels } from '../../../src/core/quant/plain-kernels.ts';
import {
  DETAIL_BINS,
  SCATTER_PAIRS,
  TensorSample,
} from '../../../src/core/validate/tensor-sample.ts';

const total = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);

test('histograms of both sides share their bins, and lose nothing when they widen', () => {
  const sample = new TensorSample('t', plainKernels);
  sample.add(Float32Array.of(0, 0), Float32Array.of(0, 0));
  sample.add(Float32Array.of(1, -1), Float32Array.of(0.5, -0.5));
  sample.add(Float32Array.of(3, 0.25), Float32Array.of(-2, 0.25));
  const { before, after, scatter } = sample.detail();
  assert.deepEqual([before.limit, after.limit], [4, 4]);
  assert.deepEqual([total(before.counts), total(after.counts)], [6, 6]);
  // The bin of 3 in [-4, 4]: 7/8 of the way. The one of -2: a quarter.
  assert.equal(before.counts[(DETAIL_BINS * 7) / 8], 1);
  assert.equal(after.counts[DETAIL_BINS / 4], 1);
  assert.equal(total(before.counts.slice(0, DETAIL_BINS / 2)), 1, 'only -1 is below 0');
  assert.deepEqual([...scatter], [0, 0, 0, 0, 1, 0.5, -1, -0.5, 3, -2, 0.25, 0.25]);
});

test('a sample is even over all numbers, and the same every time', () => {
  const count = 200_000;
  const values = Float32Array.from({ length: count }, (_, i) => i);
  const draw = (): Float32Array => {
    const sample = new TensorSample('t', plainKernels);
    // Three batches give what one does.
    for (const [from, to] of [
      [0, 10],
      [10, 150_000],
      [150_000, count],
    ] as const)
      sample.add(values.subarray(from, to), values.subarray(from, to));
    return sample.detail().scatter;
  };
  const scatter = draw();
  assert.equal(scatter.length, 2 * SCATTER_PAIRS);
  assert.deepEqual(draw(), scatter);
  const mean = scatter.reduce((a, b) => a + b) / scatter.length;
  // The deviation of a mean of 2,000 even draws is 0.0065 of the range.
  assert.ok(Math.abs(mean / count - 0.5) < 0.03, String(mean / count));
});
