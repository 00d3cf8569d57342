import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entropyThreshold } from '../../../src/core/calibrate/entropy-threshold.ts';
import { plainKernels } from '../../../src/core/quant/plain-kernels.ts';
import { bell, uniform, withOutliers } from './random-values.ts';

/** The published procedure, written down step by step: for each candidate both distributions as arrays. */
function bruteForce(histogram: readonly number[], levelOf: (bin: number, kept: number) => number) {
  const counts = [...histogram];
  while (counts.length > 0 && counts.at(-1) === 0) counts.pop();
  counts[0] = counts[1] ?? 0;
  let best = counts.length;
  let smallest = Infinity;
  for (let kept = Math.min(128, counts.length); kept <= counts.length; kept++) {
    const reference = counts.slice(0, kept);
    const beyond = counts.slice(kept).reduce((a, b) => a + b, 0);
    const image = new Array<number>(kept).fill(0);
    const levels = new Map<number, number[]>();
    for (let bin = 0; bin < kept; bin++)
      if (reference[bin]! > 0) {
        const level = levelOf(bin, kept);
        levels.set(level, [...(levels.get(level) ?? []), bin]);
      }
    for (const bins of levels.values()) {
      const mean = bins.reduce((sum, bin) => sum + reference[bin]!, 0) / bins.length;
      for (const bin of bins) image[bin] = mean;
    }
    reference[kept - 1]! += beyond;
    const divergence = kullbackLeibler(reference, image);
    if (divergence > smallest + 1e-13) continue;
    smallest = Math.min(smallest, divergence);
    best = kept;
  }
  return { best, smallest };
}

function kullbackLeibler(p: readonly number[], q: readonly number[]): number {
  const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
  const [all, kept] = [sum(p), sum(q)];
  return p.reduce((total, count, i) => {
    if (count === 0) return total;
    return total + (count / all) * Math.log(count / all / (q[i]! / kept));
  }, 0);
}

const int8Level = (bin: number, kept: number): number => Math.floor((bin * 128) / kept);

function fp8Level(bin: number, kept: number): number {
  const x = ((bin + 0.5) * 448) / kept;
  const step = Math.max(2 ** -9, 2 ** (Math.floor(Math.log2(x)) - 3));
  return Math.min(448, Math.round(x / step) * step);
}

const cases: readonly (readonly [string, readonly number[]])[] = [
  ['a hill', Array.from({ length: 400 }, (_, i) => Math.round(1000 * Math.exp(-((i / 90) ** 2))))],
  [
    'a hill and one bin far out',
    Array.from({ length: 512 }, (_, i) => (i === 511 ? 3 : Math.round(900 * Math.exp(-i / 20)))),
  ],
  ['a plain', new Array<number>(300).fill(7)],
  ['holes', Array.from({ length: 350 }, (_, i) => (i % 3 === 0 ? 0 : 350 - i))],
  ['zeros before all', Array.from({ length: 260 }, (_, i) => (i === 0 ? 1e6 : 260 - i))],
  ['one bin', [0, 0, 0, 5]],
];

test('INT8: the divergence of each candidate, as in the plain procedure', () => {
  for (const [name, counts] of cases)
    assert.equal(
      entropyThreshold(Float64Array.from(counts), 'int8'),
      bruteForce(counts, int8Level).best,
      name,
    );
});

test('E4M3: bins merge by the magnitude that they round to', () => {
  for (const [name, counts] of cases)
    assert.equal(
      entropyThreshold(Float64Array.from(counts), 'float8e4m3fn'),
      bruteForce(counts, fp8Level).best,
      name,
    );
});

test('histograms of random numbers, also as the kernels make them', () => {
  const next = uniform(5);
  for (let round = 0; round < 4; round++) {
    const counts = Array.from({ length: 200 + round * 60 }, () => Math.floor(next() ** 4 * 50));
    const found = entropyThreshold(Float64Array.from(counts), 'int8');
    assert.equal(found, bruteForce(counts, int8Level).best, `round ${round}`);
  }
  const values = withOutliers(3, 40_000);
  const limit = plainKernels.range(values).maximum;
  const counts = [...plainKernels.magnitudeHistogram(values, limit, 600)];
  const found = entropyThreshold(Float64Array.from(counts), 'int8');
  assert.equal(found, bruteForce(counts, int8Level).best);
  assert.ok(found < 300, 'a few numbers far out are clipped');
});

test('zeros have no say, and nothing is clipped that has no tail', () => {
  const values = bell(7, 20_000).map((x) => Math.abs(x));
  const counts = Float64Array.from(plainKernels.magnitudeHistogram(values, 6, 2048));
  const without = entropyThreshold(counts, 'int8');
  counts[0]! += 1e7;
  assert.equal(entropyThreshold(counts, 'int8'), without);
  // Each of 128 bins is a level of its own: nothing is lost.
  assert.equal(entropyThreshold(new Float64Array(128).fill(3), 'int8'), 128);
});

test('an empty histogram has no threshold', () => {
  assert.equal(entropyThreshold(new Float64Array(2048), 'int8'), 0);
});
