import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StatisticsCollector } from '../../../src/core/calibrate/value-statistics.ts';
import { plainKernels } from '../../../src/core/quant/plain-kernels.ts';
import { loadKernels } from '../../../wasm/load-kernels.ts';
import { bell } from './random-values.ts';

const filled = (counts: Float64Array): [number, number][] =>
  [...counts].flatMap((count, bin) => (count > 0 ? [[bin, count] as [number, number]] : []));

test('the first numbers set the end of the histogram', () => {
  const seen = new StatisticsCollector(plainKernels);
  seen.add(Float32Array.of(0, -1, 0.5, 2048, NaN));
  assert.deepEqual([seen.minimum, seen.maximum, seen.count, seen.nonFinite], [-1, 2048, 4, 1]);
  assert.equal(seen.limit, 2048);
  assert.deepEqual(filled(seen.counts), [
    [0, 2],
    [1, 1],
    [2047, 1],
  ]);
});

test('larger numbers double the end until it fits, and bins merge two to one', () => {
  const seen = new StatisticsCollector(plainKernels);
  seen.add(Float32Array.of(2048, 5, 6, 7));
  seen.add(Float32Array.of(-5000));
  assert.equal(seen.limit, 8192);
  // Bins are 4 wide now: 5 to 7 share one; 2048 stood in the last of the old bins.
  assert.deepEqual(filled(seen.counts), [
    [1, 3],
    [511, 1],
    [1250, 1],
  ]);
});

test('zeros before the first number count, and do not set the end', () => {
  const seen = new StatisticsCollector(plainKernels);
  seen.add(new Float32Array(3));
  assert.equal(seen.limit, 0);
  seen.add(Float32Array.of(0.25));
  assert.equal(seen.limit, 0.25);
  assert.deepEqual(filled(seen.counts), [
    [0, 3],
    [2047, 1],
  ]);
});

test('denormal numbers do not make bins without width', () => {
  const seen = new StatisticsCollector(plainKernels);
  seen.add(Float32Array.of(1e-42, 0));
  seen.add(Float32Array.of(3.4e38));
  assert.equal(seen.count, 3);
  assert.deepEqual(filled(seen.counts).length, 2);
  assert.ok(seen.limit >= 3.4e38);
});

test('the same in pieces, in one, by wasm, and in twice the unit', async () => {
  const values = bell(1, 30_000);
  const collect = (kernels: typeof plainKernels, pieces: number, factor: number) => {
    const seen = new StatisticsCollector(kernels);
    // The largest number first, so that pieces do not change the end.
    seen.add(Float32Array.of(8 * factor));
    const size = values.length / pieces;
    for (let i = 0; i < pieces; i++)
      seen.add(values.slice(i * size, (i + 1) * size).map((x) => x * factor));
    return seen;
  };
  const one = collect(plainKernels, 1, 1);
  assert.deepEqual(collect(plainKernels, 10, 1).counts, one.counts);
  assert.deepEqual(collect(await loadKernels(), 3, 1).counts, one.counts);
  const twice = collect(plainKernels, 5, 2);
  assert.deepEqual(twice.counts, one.counts);
  assert.equal(twice.limit, 2 * one.limit);
});
