import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRawName, rawInput } from '../../../src/core/inputs/raw-input.ts';
import { modelOf, valueOf } from '../../ort/run-support.ts';

const ONE = modelOf('g (float[N, 2] x) => (float[N, 2] y) { y = Relu (x) }').graph;
const TWO = modelOf('g (float[2] a, uint8[2] b) => (float[2] y) { y = Relu (a) }').graph;
const bytes = (...numbers: number[]): Uint8Array =>
  new Uint8Array(Float32Array.from(numbers).buffer);

test('bare numbers take type and shape of the only input, and the file tells how many samples', () => {
  const array = valueOf(rawInput(ONE, 'folder/any.raw', bytes(1, 2, 3, 4, 5, 6))).get('x');
  assert.deepEqual(array?.dims, [3, 2]);
  assert.deepEqual([...(array.data as Float32Array)], [1, 2, 3, 4, 5, 6]);
});

test('of several inputs the file names one', () => {
  const array = valueOf(rawInput(TWO, 'b.bin', Uint8Array.of(7, 9))).get('b');
  assert.deepEqual([array?.dataType, array?.dims], ['uint8', [2]]);
  const lost = rawInput(TWO, 'c.bin', Uint8Array.of(7, 9));
  assert.ok(!lost.ok && lost.error.code === 'inputs/not-matched');
});

test('a length that fits no whole sample is refused', () => {
  for (const [graph, file, data] of [
    [ONE, 'x.raw', bytes(1, 2, 3)],
    [ONE, 'x.raw', new Uint8Array()],
    // One dimension is no batch: it is never cut.
    [TWO, 'b.raw', Uint8Array.of(1, 2, 3, 4)],
  ] as const) {
    const read = rawInput(graph, file, data);
    assert.ok(!read.ok && read.error.code === 'inputs/raw-size');
  }
});

test('a dynamic dimension other than the batch needs a size', () => {
  const { graph } = modelOf('g (float[N, C] x) => (float[N, C] y) { y = Relu (x) }');
  const open = rawInput(graph, 'x.raw', bytes(1, 2));
  assert.ok(!open.ok && open.error.code === 'inputs/dimension-open');
  assert.deepEqual(valueOf(rawInput(graph, 'x.raw', bytes(1, 2), { C: 1 })).get('x')?.dims, [2, 1]);
});

test('endings tell bare numbers', () => {
  assert.ok(isRawName('a.raw') && isRawName('A.BIN') && !isRawName('a.npy') && !isRawName('raw'));
});
