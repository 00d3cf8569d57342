import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byHarm, proposeExclusions } from '../../../src/core/calibrate/propose-exclusions.ts';
import type { LayerSensitivity } from '../../../src/core/calibrate/propose-exclusions.ts';

const layers = (...sqnrDb: number[]): LayerSensitivity[] =>
  sqnrDb.map((db, i) => ({
    layer: `l${i}`,
    opType: 'Conv',
    output: 'y',
    sqnrDb: db,
    maxAbsError: 0,
    cosine: 1,
  }));
const near = (have: number, want: number): void => {
  assert.ok(Math.abs(have - want) < 1e-9, `${have} ${want}`);
};

test('noise powers add up; the worst go until the target is met', () => {
  // Noise of 0.1, 0.01 and 0.001 of the signal: all together 9.5 dB, without the first 19.6 dB.
  const found = proposeExclusions(layers(30, 10, 20), { targetSqnrDb: 15, mostShare: 1 });
  assert.deepEqual([found.layers, found.reached], [['l1'], true]);
  near(found.expectedSqnrDb.before, -10 * Math.log10(0.111));
  near(found.expectedSqnrDb.after, -10 * Math.log10(0.011));
});

test('at most the given share is left out, then it says that this is not enough', () => {
  const found = proposeExclusions(layers(5, 6, 7, 8), { targetSqnrDb: 20, mostShare: 0.5 });
  assert.deepEqual([found.layers, found.reached], [['l0', 'l1'], false]);
  const byDefault = proposeExclusions(layers(...new Array<number>(20).fill(19)));
  assert.equal(byDefault.layers.length, 2);
});

test('nothing is left out where nothing is wrong', () => {
  const found = proposeExclusions(layers(60, Infinity, 50), { mostShare: 1 });
  assert.deepEqual([found.layers, found.reached], [[], true]);
  assert.equal(proposeExclusions([]).expectedSqnrDb.after, Infinity);
});

test('layers that break the outputs go first; infinities keep their order', () => {
  const sorted = byHarm(layers(Infinity, 10, -Infinity, Infinity, -Infinity));
  assert.deepEqual(
    sorted.map(({ layer }) => layer),
    ['l2', 'l4', 'l1', 'l0', 'l3'],
  );
  const found = proposeExclusions(layers(Infinity, 10, -Infinity), {
    targetSqnrDb: 9,
    mostShare: 1,
  });
  assert.deepEqual(found.layers, ['l2']);
});
