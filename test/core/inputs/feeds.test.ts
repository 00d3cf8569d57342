import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ok } from '../../../src/core/base/result.ts';
import { arrayFeeds } from '../../../src/core/inputs/array-feeds.ts';
import type {
  ArraySource,
  FeedSequence,
  ImageSource,
} from '../../../src/core/inputs/feed-sources.ts';
import { imageFeeds, imageInput } from '../../../src/core/inputs/image-feeds.ts';
import type { DimSizes } from '../../../src/core/inputs/input-dims.ts';
import type { Feeds, RunTensor } from '../../../src/core/inputs/run-tensor.ts';
import { floats, modelOf } from '../../ort/run-support.ts';

const graphOf = (inputs: string) =>
  modelOf(`g (${inputs}) => (float[1] y) { y = Nothing () }`).graph;
const file = (name: string, arrays: Readonly<Record<string, RunTensor>>): ArraySource => ({
  name,
  read: () => Promise.resolve(ok(new Map(Object.entries(arrays)))),
});
const count = (dims: readonly number[], start = 0): RunTensor =>
  floats(
    Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => start + i),
    [...dims],
  );

/** All feeds, and the code of what ended them early. */
async function walk(
  sequence: FeedSequence,
): Promise<{ feeds: Feeds[]; end: string; message: string }> {
  const feeds: Feeds[] = [];
  for await (const next of sequence) {
    if (!next.ok) return { feeds, end: next.error.code, message: next.error.message };
    feeds.push(next.value);
  }
  return { feeds, end: '', message: '' };
}
const plain = (feeds: readonly Feeds[], name: string) =>
  feeds.map((feed) => {
    const tensor = feed.get(name) ?? assert.fail(name);
    return [tensor.dims, [...tensor.data].map(Number)];
  });
const walkArrays = (inputs: string, sources: readonly ArraySource[], dims?: DimSizes) =>
  walk(arrayFeeds(graphOf(inputs), sources, dims));

test('one array for the only input, cut along its batch', async () => {
  const sources = [file('a.npy', { a: count([4, 2]) }), file('b.npy', { b: count([2], 50) })];
  const one = await walkArrays('float[N, 2] x', sources);
  assert.deepEqual(plain(one.feeds, 'x'), [
    [
      [1, 2],
      [0, 1],
    ],
    [
      [1, 2],
      [2, 3],
    ],
    [
      [1, 2],
      [4, 5],
    ],
    [
      [1, 2],
      [6, 7],
    ],
    [
      [1, 2],
      [50, 51],
    ],
  ]);
  const fixed = await walkArrays('float[2, 2] x', sources.slice(0, 1));
  assert.deepEqual(plain(fixed.feeds, 'x'), [
    [
      [2, 2],
      [0, 1, 2, 3],
    ],
    [
      [2, 2],
      [4, 5, 6, 7],
    ],
  ]);
  const whole = await walkArrays('float[N, 2] x', sources.slice(0, 1), { N: 4 });
  assert.deepEqual(plain(whole.feeds, 'x'), [
    [
      [4, 2],
      [0, 1, 2, 3, 4, 5, 6, 7],
    ],
  ]);
  const flat = await walkArrays('float[N] x', [file('a.npy', { a: count([3]) })]);
  assert.deepEqual(plain(flat.feeds, 'x'), [[[3], [0, 1, 2]]]);
});

test('several inputs come from one archive or from files that name them', async () => {
  const inputs = 'float[N, 2] x, float[N, 1] k';
  const archive = await walkArrays(inputs, [
    file('s.npz', { k: count([2, 1], 9), x: count([2, 2]), more: count([7]) }),
  ]);
  assert.deepEqual(plain(archive.feeds, 'x'), [
    [
      [1, 2],
      [0, 1],
    ],
    [
      [1, 2],
      [2, 3],
    ],
  ]);
  assert.deepEqual(plain(archive.feeds, 'k'), [
    [[1, 1], [9]],
    [[1, 1], [10]],
  ]);
  const files = [file('x.npy', { x: count([2, 2]) }), file('k.npy', { k: count([1, 1], 9) })];
  const parts = await walkArrays(inputs, files);
  assert.equal(parts.feeds.length, 2);
  // One piece serves all feeds of its set.
  assert.deepEqual(plain(parts.feeds, 'k'), [
    [[1, 1], [9]],
    [[1, 1], [9]],
  ]);
});

test('what does not fit ends the sequence with its file', async () => {
  const ends = async (inputs: string, arrays: Readonly<Record<string, RunTensor>>) =>
    (await walkArrays(inputs, [file('f.npz', arrays)])).end;
  assert.equal(await ends('float[N, 2] x', { a: count([2, 3]) }), 'inputs/shape-wrong');
  assert.equal(await ends('float[N, 2] x', { a: count([2, 2, 2, 2]) }), 'inputs/shape-wrong');
  assert.equal(await ends('float[4] x', { a: count([3]) }), 'inputs/shape-wrong');
  assert.equal(await ends('int64[N, 2] x', { a: count([2, 2]) }), 'inputs/type-wrong');
  assert.equal(await ends('float[2, 2] x', { a: count([3, 2]) }), 'inputs/batch-does-not-fit');
  const two = 'float[N, 2] x, float[N, 2] k';
  assert.equal(await ends(two, { a: count([2, 2]) }), 'inputs/not-matched');
  assert.equal(await ends(two, { x: count([2, 2]) }), 'inputs/not-matched');
  assert.equal(await ends(two, { x: count([2, 2]), k: count([3, 2]) }), 'inputs/counts-differ');
  const later = await walkArrays('float[N, 2] x', [
    file('good.npy', { a: count([1, 2]) }),
    file('bad.npy', { a: count([1, 3]) }),
    file('good.npy', { a: count([1, 2]) }),
  ]);
  assert.equal(later.feeds.length, 1);
  assert.match(later.message, /input x wants the shape \[N, 2\], but the data has \[1, 3\]/);
});

let reads = 0;
/** An image all of one gray. */
const gray = (name: string, byte: number): ImageSource => ({
  name,
  read: () => {
    reads++;
    const data = new Uint8ClampedArray(4 * 4 * 4).fill(byte);
    return Promise.resolve(ok({ width: 4, height: 4, data }));
  },
});
const FIVE = [1, 2, 3, 4, 5].map((byte) => gray(`${byte}.png`, byte));

test('images fill batches; the last one repeats its own', async () => {
  const made = imageFeeds(graphOf('float[2, 3, 2, 2] x'), FIVE, { preset: 'none' });
  assert.ok(made.ok);
  assert.equal(made.value.count, 3);
  const { feeds } = await walk(made.value);
  const firstBytes = feeds.map((feed) => {
    const { dims, data } = feed.get('x') ?? assert.fail('x');
    assert.deepEqual(dims, [2, 3, 2, 2]);
    assert.ok([...data.slice(0, 12)].every((number) => number === data[0]));
    return [data[0], data[12]];
  });
  assert.deepEqual(firstBytes, [
    [1, 2],
    [3, 4],
    [5, 5],
  ]);
});

test('one batch is read at a time, and each walk reads anew', async () => {
  const made = imageFeeds(graphOf('float[N, 3, 2, 2] x'), FIVE, { preset: 'unit' });
  assert.ok(made.ok);
  assert.equal(made.value.count, 5);
  reads = 0;
  for await (const next of made.value) {
    assert.ok(next.ok);
    if (reads === 2) break;
  }
  assert.equal(reads, 2);
  await walk(made.value);
  assert.equal(reads, 7);
});

test('the input of the model tells layout, size, channels and type', () => {
  const of = (input: string, options: Partial<Parameters<typeof imageInput>[1]> = {}) => {
    const made = imageInput(graphOf(input), { preset: 'unit', ...options });
    if (!made.ok) return made.error.code;
    const { layout, width, height, channels, dataType } = made.value.preprocess;
    return `${made.value.batch} ${layout} ${width}x${height} ${channels} ${dataType}`;
  };
  assert.equal(of('float[1, 3, 20, 30] x'), '1 NCHW 30x20 RGB float32');
  assert.equal(of('float16[4, 20, 30, 3] x'), '4 NHWC 30x20 RGB float16');
  assert.equal(of('uint8[N, 1, 28, 28] x'), '1 NCHW 28x28 GRAY uint8');
  assert.equal(of('float[N, 3, 20, 30] x', { dims: { N: 8 } }), '8 NCHW 30x20 RGB float32');
  assert.equal(
    of('float[N, 3, H, W] x', { changes: { width: 64, height: 32, channels: 'BGR' } }),
    '1 NCHW 64x32 BGR float32',
  );
  assert.equal(of('float[N, 3, H, W] x', { dims: { H: 32, W: 64 } }), '1 NCHW 64x32 RGB float32');
  assert.equal(of('float[N, 3, H, W] x'), 'inputs/dimension-open');
  assert.equal(of('float[1, 3, 20, 30] x', { changes: { width: 31 } }), 'inputs/shape-wrong');
  assert.equal(of('float[1, 4, 20, 30] x'), 'inputs/input-not-image');
  assert.equal(of('int32[1, 3, 20, 30] x'), 'inputs/input-not-image');
  assert.equal(of('float[1, 3] x'), 'inputs/input-not-image');
  assert.equal(of('float[1, 3, 2, 2] x, float[1] k'), 'inputs/not-matched');
});
