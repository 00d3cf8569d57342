import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shareText, timeHeat, timeText } from '../../../src/ui/state/time-heat.ts';
import { sampleBuilt, untimedBuilt, viewOf } from '../sample-built.ts';

test('layers are measured by the slowest', () => {
  const heat = timeHeat(viewOf(sampleBuilt).analysis);
  assert.ok(heat);
  // 4, 40, 24, 8, 20 and 4 of 100 µs.
  const levels = ['0', '1', '2', '3', '4', '5'].map((id) => heat.marks.get(id)?.level);
  assert.deepEqual(levels, [1, 5, 4, 2, 3, 1]);
  assert.deepEqual(heat.marks.get('1'), {
    level: 5,
    sign: '40%',
    words: '40.0 µs, 40 % of the time',
  });
  assert.equal(heat.marks.get('0')?.sign, '4.0');
  assert.deepEqual(
    heat.levels.map(({ short }) => short),
    ['32%+', '24%+', '16%+', '8%+', '4%+', '<4%'],
  );
});

test('without times there is no heat', () => {
  assert.equal(timeHeat(viewOf(untimedBuilt).analysis), null);
});

test('times and shares keep three figures and never round to nothing', () => {
  assert.deepEqual([0.5123, 34.21, 812.4, 4861].map(timeText), [
    '0.512 µs',
    '34.2 µs',
    '812 µs',
    '4.86 ms',
  ]);
  assert.deepEqual([0.123, 0.034, 0.0021, 0.0003, 0].map(shareText), [
    '12 %',
    '3.4 %',
    '0.2 %',
    '<0.1 %',
    '0.0 %',
  ]);
});
