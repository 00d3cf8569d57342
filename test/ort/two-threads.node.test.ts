import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ortRunner } from '../../src/ort/open-runner.ts';
import { checksum, modelOf, NETWORK, NETWORK_FEEDS, NETWORK_SUMS, valueOf } from './run-support.ts';

// A file of its own, because a process keeps the number of threads that it began with.
test('two threads give the same bits as one', async () => {
  const runner = valueOf(await ortRunner({ threads: 2 })(modelOf(NETWORK), ['c', 'h', 'y']));
  const answer = valueOf(await runner.run(NETWORK_FEEDS));
  for (const [name, sum] of Object.entries(NETWORK_SUMS)) {
    const tensor = answer.get(name);
    assert.ok(tensor);
    assert.equal(checksum(tensor), sum, name);
  }
  await runner.release();
});
