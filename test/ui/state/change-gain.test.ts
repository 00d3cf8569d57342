import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gainOf } from '../../../src/ui/state/change-gain.ts';

test('each figure says whether it got better, and by how much', () => {
  const before = { layers: 33, int8Layers: 21, reformats: 0, survivingQdq: 9, bytes: 13_500_000 };
  const after = { layers: 30, int8Layers: 21, reformats: 1, survivingQdq: 9, bytes: 7_500_000 };
  const rows = gainOf({ before, after }).map((row) => [row.delta, row.better]);
  assert.deepEqual(rows, [
    ['−3', true],
    ['+6 %', true],
    ['+1', false],
    ['=', false],
    ['−6.0 MB', true],
  ]);
});

test('an engine without layers has no share', () => {
  const none = { layers: 0, int8Layers: 0, reformats: 0, survivingQdq: 0, bytes: 0 };
  assert.equal(gainOf({ before: none, after: none })[1]?.before, '0 %');
});
