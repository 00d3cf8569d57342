import assert from 'node:assert/strict';
import { test } from 'node:test';
import { percentileThreshold } from '../../../src/core/calibrate/percentile-threshold.ts';
import { plainKernels } from '../../../src/core/quant/plain-kernels.ts';
import { withOutliers } from './random-values.ts';

test('by hand: ten numbers in five bins', () => {
  const counts = Float64Array.of(4, 3, 2, 0, 1);
  assert.equal(percentileThreshold(counts, 40), 1);
  assert.equal(percentileThreshold(counts, 41), 2);
  assert.equal(percentileThreshold(counts, 70), 2);
  assert.equal(percentileThreshold(counts, 90), 3);
  assert.equal(percentileThreshold(counts, 90.1), 5);
  assert.equal(percentileThreshold(counts, 100), 5);
});

test('as sorting says, up to the width of a bin', () => {
  const values = withOutliers(2, 50_000);
  const sorted = values.map(Math.abs).sort();
  const limit = sorted.at(-1) ?? 0;
  const counts = Float64Array.from(plainKernels.magnitudeHistogram(values, limit, 2048));
  for (const percentile of [1, 50, 90, 99, 99.9, 99.99, 100]) {
    const exact = sorted[Math.ceil((percentile / 100) * sorted.length) - 1]!;
    const found = (percentileThreshold(counts, percentile) * limit) / 2048;
    const width = limit / 2048;
    assert.ok(found >= exact * (1 - 1e-6), `${percentile}: ${found} below ${exact}`);
    assert.ok(found <= exact + width * 1.001, `${percentile}: ${found} far above ${exact}`);
  }
});
