import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEvents } from '../../../src/ui/services/read-events.ts';

function streamOf(pieces: readonly (string | Uint8Array)[], ends = true) {
  return new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces)
        controller.enqueue(typeof piece === 'string' ? new TextEncoder().encode(piece) : piece);
      if (ends) controller.close();
    },
  });
}

async function all(stream: ReadableStream<Uint8Array>, silenceMs = 1000) {
  const events = [];
  for await (const event of readEvents(stream, silenceMs)) events.push(event);
  return events;
}

test('events are put together however they are cut, comments are no events', async () => {
  const text =
    ': alive\n\nid: 1\nevent: progress\ndata: {"step":"é"}\n\n: alive\n\nid: 2\ndata: x\n\n';
  const bytes = new TextEncoder().encode(text);
  const wanted = [
    { id: '1', data: '{"step":"é"}' },
    { id: '2', data: 'x' },
  ];
  assert.deepEqual(await all(streamOf([text])), wanted);
  assert.deepEqual(await all(streamOf([...bytes].map((byte) => Uint8Array.of(byte)))), wanted);
});

test('an event that breaks off is none', async () => {
  assert.deepEqual(await all(streamOf(['id: 1\ndata: a\n\nid: 2\nda'])), [{ id: '1', data: 'a' }]);
});

test('a stream that falls silent is taken for dead', async () => {
  await assert.rejects(all(streamOf(['id: 1\ndata: a\n\n'], false), 50), /fell silent/);
});
