import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Latest } from '../../../src/ui/state/latest.ts';

test('only the answer to the latest question arrives, even when it is the first to come', async () => {
  const latest = new Latest();
  const delivered: string[] = [];
  let answerSlowly: (text: string) => void = () => undefined;
  const slow = latest.run(
    () => new Promise<string>((resolve) => (answerSlowly = resolve)),
    (text) => delivered.push(text),
  );
  await latest.run(
    () => Promise.resolve('second'),
    (text) => delivered.push(text),
  );
  answerSlowly('first');
  await slow;
  assert.deepEqual(delivered, ['second']);
});

test('a dropped question gets no answer', async () => {
  const latest = new Latest();
  const delivered: string[] = [];
  const asked = latest.run(
    () => Promise.resolve('late'),
    (text) => delivered.push(text),
  );
  latest.drop();
  await asked;
  assert.deepEqual(delivered, []);
});
