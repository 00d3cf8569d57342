import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mseThreshold } from '../../../src/core/calibrate/mse-threshold.ts';
import { plainKernels } from '../../../src/core/quant/plain-kernels.ts';
import { quantGrid } from '../../../src/core/quant/quant-grids.ts';
import { uniform, withOutliers } from './random-values.ts';

/** The squared error of every bin at every threshold, magnitude by magnitude. */
function denseSweep(counts: readonly number[], quantize: (x: number) => number, highest: number) {
  let used = counts.length;
  while (used > 0 && counts[used - 1] === 0) used--;
  let best = used;
  let least = Infinity;
  for (let kept = Math.min(128, used); kept <= used; kept++) {
    const scale = kept / highest;
    let error = 0;
    for (let bin = 0; bin < used; bin++)
      error +=
        counts[bin]! * (Math.min(highest, quantize((bin + 0.5) / scale)) * scale - bin - 0.5) ** 2;
    if (error >= least * (1 - 1e-12)) continue;
    least = error;
    best = kept;
  }
  return best;
}

const toInt8 = (x: number): number => Math.round(x);
function toE4m3(x: number): number {
  const step = Math.max(2 ** -9, 2 ** (Math.floor(Math.log2(x)) - 3));
  return Math.round(x / step) * step;
}

test('the threshold of a dense sweep, for both types', () => {
  const next = uniform(11);
  const cases = [
    Array.from(
      { length: 500 },
      (_, i) => Math.round(2000 * Math.exp(-i / 30)) + (i === 499 ? 2 : 0),
    ),
    Array.from({ length: 300 }, () => Math.floor(next() * 9)),
    Array.from({ length: 700 }, (_, i) => (i < 200 ? 50 : i % 97 === 0 ? 1 : 0)),
    [0, 4, 0, 2],
  ];
  for (const [index, counts] of cases.entries()) {
    const histogram = Float64Array.from(counts);
    assert.equal(mseThreshold(histogram, 'int8'), denseSweep(counts, toInt8, 127), `case ${index}`);
    assert.equal(
      mseThreshold(histogram, 'float8e4m3fn'),
      denseSweep(counts, toE4m3, 448),
      `case ${index}, E4M3`,
    );
  }
});

test('the real error at that threshold is that of the best scale, within the width of the bins', () => {
  const values = withOutliers(23, 60_000);
  const { minimum, maximum } = plainKernels.range(values);
  const limit = Math.max(-minimum, maximum);
  const counts = Float64Array.from(plainKernels.magnitudeHistogram(values, limit, 2048));
  const grid = quantGrid('int8');
  assert.ok(grid);
  const errorAt = (bins: number): number =>
    plainKernels.quantizeError(values, (bins * limit) / 2048 / 127, 0, { ...grid, lowest: -127 })
      .sumSquaredError;
  let least = Infinity;
  for (let bins = 128; bins <= 2048; bins += 4) least = Math.min(least, errorAt(bins));
  const chosen = mseThreshold(counts, 'int8');
  assert.ok(errorAt(chosen) <= least * 1.01, `${errorAt(chosen)} against ${least}`);
  assert.ok(errorAt(chosen) < 0.9 * errorAt(2048), 'clipping pays here');
});
