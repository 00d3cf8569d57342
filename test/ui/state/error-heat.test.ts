import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HEAT_LEVELS, heatMark, heatOf, worstMark } from '../../../src/ui/state/error-heat.ts';
import { sampleReport } from '../sample-validation.ts';

test('decibels have a colour, a sign and words', () => {
  const marks = [Infinity, 60, 59.9, 30, 20, 19.9, -3, -Infinity, NaN].map(heatMark);
  assert.deepEqual(
    marks.map(({ level }) => level),
    [0, 1, 2, 3, 4, 5, 5, 5, 5],
  );
  assert.deepEqual(
    marks.map(({ sign }) => sign),
    ['=', '60', '60', '30', '20', '20', '-3', '!', '!'],
  );
  assert.equal(marks[2]!.words, 'SQNR 59.9 dB');
  assert.equal(new Set(HEAT_LEVELS.map(({ colour }) => colour)).size, HEAT_LEVELS.length);
});

test('each list colours by its own measure', () => {
  const signs = (list: Parameters<typeof heatOf>[1]) =>
    Object.fromEntries([...heatOf(sampleReport, list)].map(([node, { sign }]) => [node, sign]));
  assert.deepEqual(signs('tensors'), {
    ...{ '/net/a/Conv': '=', '/net/b/Conv': '45', '/net/y/Conv': '25' },
  });
  assert.deepEqual(signs('layers'), { '/net/a/Conv': '50', '/net/y/Conv': '18' });
  assert.deepEqual(signs('quantizers'), { x_q: '30' });
});

test('a box of several nodes has the mark of the worst', () => {
  const heat = heatOf(sampleReport, 'tensors');
  assert.equal(worstMark(['/net/a/Conv', '/net/y/Conv', 'other'], heat)?.sign, '25');
  assert.equal(worstMark(['other'], heat), undefined);
});
