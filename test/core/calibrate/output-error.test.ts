import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OutputErrorSum } from '../../../src/core/calibrate/output-error.ts';
import type { OutputError } from '../../../src/core/calibrate/output-error.ts';

function errorOf(...batches: readonly (readonly [string, number[], number[]])[]): OutputError {
  const sum = new OutputErrorSum();
  for (const [output, reference, changed] of batches)
    sum.add(output, Float32Array.from(reference), Float32Array.from(changed));
  const worst = sum.worst();
  assert.ok(worst);
  return worst;
}

test('by hand: two batches of one output', () => {
  const error = errorOf(['y', [3, 4], [3, 5]], ['y', [0, 5], [-2, 5]]);
  assert.equal(error.maxAbsError, 2);
  assert.equal(error.sqnrDb, 10 * Math.log10(50 / 5));
  assert.equal(error.cosine, (9 + 20 + 25) / Math.sqrt(50 * (9 + 25 + 4 + 25)));
});

test('the output that is hit hardest counts, whatever its size', () => {
  const error = errorOf(['big', [1000, 1000], [1001, 1000]], ['small', [0.1, 0.1], [0.1, 0.2]]);
  assert.equal(error.output, 'small');
});

test('nothing lost is infinite; zeros on both sides too', () => {
  assert.deepEqual(errorOf(['y', [1, -2], [1, -2]]), {
    output: 'y',
    sqnrDb: Infinity,
    maxAbsError: 0,
    cosine: 1,
  });
  assert.equal(errorOf(['y', [0], [0]]).cosine, 1);
  assert.equal(errorOf(['y', [0], [1]]).sqnrDb, -Infinity);
});

test('NaN on one side is worse than noise, the same on both sides is none', () => {
  assert.equal(errorOf(['y', [1, 2], [1, NaN]]).sqnrDb, -Infinity);
  assert.equal(errorOf(['y', [1, 2], [Infinity, 2]]).sqnrDb, -Infinity);
  const masked = errorOf(['y', [-Infinity, 2, NaN], [-Infinity, 2, NaN]]);
  assert.deepEqual([masked.sqnrDb, masked.maxAbsError], [Infinity, 0]);
});

test('nothing added has no worst output', () => {
  assert.equal(new OutputErrorSum().worst(), undefined);
});
