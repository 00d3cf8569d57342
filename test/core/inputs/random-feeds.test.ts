import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomFeeds } from '../../../src/core/inputs/random-feeds.ts';
import type { RandomSettings } from '../../../src/core/inputs/random-feeds.ts';
import { RandomNumbers } from '../../../src/core/inputs/random-numbers.ts';
import type { Feeds } from '../../../src/core/inputs/run-tensor.ts';
import { modelOf } from '../../ort/run-support.ts';

const { graph } = modelOf(
  `g (float[N, 3] x, int64[N, seq] ids, bool[2] mask, uint8[1000] bytes, float16[2] h) => (float[N, 3] y)
   { y = Relu (x) }`,
);
const settings: RandomSettings = {
  seed: 7,
  samples: 3,
  distribution: 'normal',
  dims: { N: 400, seq: 50 },
};
function feeds(changes: Partial<RandomSettings> = {}): readonly Feeds[] {
  const made = randomFeeds(graph, { ...settings, ...changes });
  assert.ok(made.ok, made.ok ? '' : made.error.message);
  return [...made.value];
}
const numbers = (feed: Feeds | undefined, name: string): number[] =>
  [...(feed?.get(name)?.data ?? assert.fail(name))].map(Number);

test('the generator gives the numbers of Mulberry32', () => {
  // From the C code of its author with the state 1.
  const random = new RandomNumbers(1);
  assert.deepEqual(
    [random.next(), random.next(), random.next()],
    [2693262067, 11749833, 2265367787],
  );
});

test('the same seed gives the same numbers, walk after walk, and sample by sample', () => {
  const made = randomFeeds(graph, settings);
  assert.ok(made.ok);
  assert.deepEqual([...made.value], [...made.value]);
  assert.deepEqual(feeds({ samples: 1 })[0], feeds()[0]);
  assert.notDeepEqual(feeds()[0], feeds()[1]);
  assert.notDeepEqual(feeds({ seed: 8 })[0], feeds()[0]);
});

test('numbers have the shape, spread and range that is said', () => {
  const [first] = feeds();
  assert.deepEqual(first?.get('x')?.dims, [400, 3]);
  const x = numbers(first, 'x');
  const mean = x.reduce((a, b) => a + b) / x.length;
  const deviation = Math.sqrt(x.reduce((a, b) => a + (b - mean) ** 2, 0) / x.length);
  assert.ok(Math.abs(mean) < 0.1 && Math.abs(deviation - 1) < 0.06, `${mean} ${deviation}`);
  assert.deepEqual(new Set(numbers(first, 'ids')), new Set([0, 1]));
  assert.ok(numbers(first, 'mask').every((bit) => bit === 0 || bit === 1));
  const bytes = numbers(first, 'bytes');
  assert.ok(Math.min(...bytes) < 5 && Math.max(...bytes) > 250);
  const ranges = { ids: { min: -3, max: 5 }, x: { min: 2, max: 4 } };
  const [ranged] = feeds({ ranges });
  assert.deepEqual(
    [...new Set(numbers(ranged, 'ids'))].sort((a, b) => a - b),
    [-3, -2, -1, 0, 1, 2, 3, 4, 5],
  );
  const between = numbers(ranged, 'x');
  assert.ok(between.every((number) => number >= 2 && number <= 4));
  assert.ok(numbers(feeds({ distribution: 'uniform' })[0], 'x').every((n) => n >= 0 && n <= 1));
});

test('an open dimension is named with the option that closes it', () => {
  const made = randomFeeds(graph, { ...settings, dims: { N: 1 } });
  assert.ok(!made.ok);
  assert.equal(made.error.code, 'inputs/dimension-open');
  assert.match(made.error.message, /input ids has the dynamic dimension seq/);
  assert.match(made.error.advice, /--dims seq=1/);
});

test('ranges that hold nothing, or nothing of the type, are refused', () => {
  for (const range of [
    { min: 3, max: 2 },
    { min: 0.5, max: 2 },
    { min: 0, max: 2 ** 32 },
  ]) {
    const made = randomFeeds(graph, { ...settings, ranges: { ids: range } });
    assert.ok(!made.ok);
    assert.equal(made.error.code, 'inputs/random-range');
  }
  assert.ok(!randomFeeds(graph, { ...settings, ranges: { bytes: { min: 0, max: 256 } } }).ok);
});
