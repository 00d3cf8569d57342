import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blobSource, bufferSource } from '../../../src/core/base/byte-source.ts';

test('memory and Blob read the same, and less at the end', async () => {
  const bytes = Uint8Array.of(1, 2, 3, 4, 5);
  for (const source of [bufferSource('a', bytes), blobSource('a', new Blob([bytes]))]) {
    assert.equal(source.size, 5);
    assert.deepEqual(await source.read(1, 3), Uint8Array.of(2, 3, 4));
    assert.deepEqual(await source.read(3, 10), Uint8Array.of(4, 5));
    assert.deepEqual(await source.read(9, 1), new Uint8Array());
  }
});

test("memory is shared, and Node's Buffer becomes plain", async () => {
  const buffer = Buffer.from([1, 2, 3]);
  const source = bufferSource('a', buffer);
  const { resident } = source;
  assert.equal(resident?.constructor, Uint8Array);
  buffer[1] = 9;
  assert.deepEqual(resident, Uint8Array.of(1, 9, 3));
  assert.deepEqual(await source.read(1, 1), Uint8Array.of(9));
});

test('a cancelled read rejects', async () => {
  const controller = new AbortController();
  controller.abort();
  await assert.rejects(blobSource('a', new Blob(['abc'])).read(0, 1, controller.signal));
});
