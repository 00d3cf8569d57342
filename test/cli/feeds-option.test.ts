import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import type { Result } from '../../src/core/base/result.ts';
import type { FeedSequence } from '../../src/core/inputs/feed-sources.ts';
import { writeNpy } from '../../src/core/inputs/npy.ts';
import { writeNpz } from '../../src/core/inputs/npz.ts';
import type { Feeds } from '../../src/core/inputs/run-tensor.ts';
import { Refusal } from '../../src/cli/command.ts';
import { FEEDS_OPTIONS, feedsFrom } from '../../src/cli/feeds-option.ts';
import { parseArguments } from '../../src/cli/parse-arguments.ts';
import { floats, modelOf } from '../ort/run-support.ts';
import { scratchFolder } from './cli-harness.ts';

const folder = scratchFolder();
const at = (...parts: readonly string[]): string => join(folder, ...parts);
const graphOf = (inputs: string) =>
  modelOf(`g (${inputs}) => (float[1] y) { y = Nothing () }`).graph;
const IMAGES = graphOf('float[N, 3, H, W] x');

function valueOf<T>(result: Result<T>): T {
  assert.ok(result.ok, result.ok ? '' : result.error.message);
  return result.value;
}
const feeds = (
  source: string,
  words: readonly string[] = [],
  graph = IMAGES,
): Promise<FeedSequence> =>
  feedsFrom(source, graph, parseArguments('quantize', FEEDS_OPTIONS, words));
async function all(sequence: FeedSequence): Promise<Feeds[]> {
  const list: Feeds[] = [];
  for await (const next of sequence) list.push(valueOf(next));
  return list;
}
const firsts = async (source: string, words: readonly string[]) =>
  (await all(await feeds(source, words))).map((feed) => feed.get('x')?.data[0]);
async function refusal(source: string, words: readonly string[], graph = IMAGES): Promise<string> {
  try {
    await feeds(source, words, graph);
  } catch (error) {
    if (error instanceof Refusal) return error.diagnostic.code;
    throw error;
  }
  return 'none';
}

/** A PNG of one colour. */
function png(red: number, green = 0, blue = 0): Buffer {
  const image = new PNG({ width: 2, height: 2 });
  for (let i = 0; i < 16; i += 4) image.data.set([red, green, blue, 77], i);
  return PNG.sync.write(image);
}
mkdirSync(at('images', 'b'), { recursive: true });
for (let i = 0; i < 5; i++) writeFileSync(at('images', `a${i}.png`), png(10 * i, 1, 2));
writeFileSync(at('images', 'b', 'last.PNG'), png(50, 1, 2));
writeFileSync(at('images', 'notes.txt'), 'not an image');
const grayJpeg = { width: 8, height: 8, data: new Uint8Array(256).fill(100) };
writeFileSync(at('gray.jpg'), jpeg.encode(grayJpeg, 95).data);
writeFileSync(at('broken.png'), png(1).subarray(0, 40));

const PLAIN = ['--preset', 'none', '--size', '2'];

test('a folder of images, at any depth, sorted', async () => {
  assert.deepEqual(await firsts(at('images'), PLAIN), [0, 10, 20, 30, 40, 50]);
  assert.deepEqual(await firsts(at('images', 'a*.png'), PLAIN), [0, 10, 20, 30, 40]);
  assert.deepEqual(await firsts(at('images', 'a?.png'), PLAIN), [0, 10, 20, 30, 40]);
  assert.deepEqual(await firsts(at('images', 'a3.png'), PLAIN), [30]);
});

test('fewer samples are spread over the folder', async () => {
  assert.deepEqual(await firsts(at('images'), [...PLAIN, '--samples', '3']), [0, 20, 40]);
  assert.equal((await feeds(at('images'), [...PLAIN, '--samples', '3'])).count, 3);
  assert.equal((await feeds(at('images'), [...PLAIN, '--samples', '99'])).count, 6);
});

test('options change what the preset does', async () => {
  const words = ['--preset', 'unit', '--size', '4x2', '--dims', 'N=2', '--channels', 'BGR'];
  const scale = ['--scale', '1', '--mean', '1,2,3', '--std', '2'];
  const [feed] = await all(await feeds(at('images', 'a1.png'), [...words, ...scale]));
  const x = feed?.get('x') ?? assert.fail();
  assert.deepEqual(x.dims, [2, 3, 2, 4]);
  assert.deepEqual([x.data[0], x.data[8], x.data[16]], [(2 - 3) / 2, (1 - 2) / 2, (10 - 1) / 2]);
  // The same image fills the second place of the batch.
  assert.deepEqual(x.data.slice(24), x.data.slice(0, 24));
  const last = graphOf('uint8[1, 2, 2, 3] x');
  const [bytes] = await all(await feeds(at('images', 'a1.png'), [], last));
  assert.deepEqual(bytes?.get('x')?.data.slice(0, 3), Uint8Array.of(10, 1, 2));
});

test('JPEG is decoded', async () => {
  const [x] = await firsts(at('gray.jpg'), PLAIN);
  assert.ok(Math.abs(Number(x) - 100) <= 2, String(x));
});

test('files of numbers, and archives', async () => {
  const graph = graphOf('float[N, 2] x');
  const array = floats([1, 2, 3, 4], [2, 2]);
  writeFileSync(at('some.npy'), valueOf(writeNpy('some', array)));
  writeFileSync(at('some.npz'), valueOf(writeNpz(new Map([['x', array]]))));
  for (const file of ['some.npy', 'some.npz', 'some.np*']) {
    const list = await all(await feeds(at(file), [], graph));
    assert.equal(list.length, file.endsWith('*') ? 4 : 2);
    assert.deepEqual(list[1]?.get('x')?.data, Float32Array.of(3, 4));
  }
  const one = await all(await feeds(at('some.np*'), ['--samples', '1'], graph));
  assert.equal(one.length, 1);
});

test('random data by seed', async () => {
  const graph = graphOf('float[N, 4] x, int64[N] ids');
  const words = ['--dims', 'N=2', '--samples', '3', '--range', 'ids=5:5'];
  const sequence = await feeds('random:7', words, graph);
  const list = await all(sequence);
  assert.equal(list.length, 3);
  assert.deepEqual(list[0]?.get('ids')?.data, BigInt64Array.of(5n, 5n));
  assert.deepEqual(await all(sequence), list, 'a second walk gives the same');
  assert.notDeepEqual(await all(await feeds('random:8', words, graph)), list);
  assert.equal((await all(await feeds('random', ['--dims', 'N=1'], graph))).length, 8);
});

test('what is wrong is said before anything runs', async () => {
  assert.equal(await refusal(at('nowhere'), PLAIN), 'cli/cannot-read');
  assert.equal(await refusal(at('nowhere', '*.png'), PLAIN), 'cli/cannot-read');
  assert.equal(await refusal(at('images', '*.txt'), PLAIN), 'inputs/none');
  assert.equal(await refusal(at('images', '*.bmp'), PLAIN), 'inputs/none');
  writeFileSync(at('images.npy'), valueOf(writeNpy('x', floats([1]))));
  assert.equal(await refusal(folder, PLAIN), 'cli/mixed-inputs');
  assert.equal(await refusal(at('images'), ['--preset', 'none']), 'inputs/dimension-open');
  assert.equal(await refusal('random:1', []), 'inputs/dimension-open');
  for (const words of [
    ['--samples', '0'],
    ['--samples', '1.5'],
    ['--size', '12x'],
    ['--mean', '1,2'],
    ['--std', '1,,2'],
    ['--dims', 'N'],
    ['--dims', 'N=0'],
  ])
    assert.equal(await refusal(at('images'), words), 'cli/option-value-invalid', words.join(' '));
  assert.equal(await refusal('random', ['--range', 'x=1']), 'cli/option-value-invalid');
});

test('a broken image ends the sequence with its name', async () => {
  const ends: string[] = [];
  for await (const next of await feeds(at('broken.png'), PLAIN))
    ends.push(next.ok ? 'feed' : `${next.error.code} ${next.error.place?.file ?? ''}`);
  assert.deepEqual(ends, [`cli/image-unreadable ${at('broken.png')}`]);
});
