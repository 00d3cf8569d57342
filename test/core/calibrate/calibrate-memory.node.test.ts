import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { calibrate } from '../../../src/core/calibrate/calibrate.ts';
import type { FeedStream } from '../../../src/core/calibrate/feed-stream.ts';
import type { Feeds } from '../../../src/core/inputs/run-tensor.ts';
import { plainKernels } from '../../../src/core/quant/plain-kernels.ts';
import { valueOf } from '../explain/text-models.ts';
import { pending } from './calibrate-models.ts';
import { row, smallRunner } from './small-runner.ts';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

test('batches are not kept: each is collected before the walk ends', async () => {
  const alive: WeakRef<Feeds>[] = [];
  const feeds: FeedStream = {
    async *[Symbol.asyncIterator]() {
      for (let i = 0; i < 20; i++) {
        const batch: Feeds = new Map([['x', row(i, -i)]]);
        alive.push(new WeakRef(batch));
        yield await Promise.resolve(batch);
      }
    },
  };
  let most = 0;
  valueOf(
    await calibrate(pending(['x', 'r', 'm']), feeds, {
      method: 'max',
      kernels: plainKernels,
      openRunner: smallRunner(),
      pause: async () => {
        await new Promise((resolve) => setTimeout(resolve, 0));
        gc();
        most = Math.max(most, alive.filter((batch) => batch.deref()).length);
      },
    }),
  );
  assert.ok(most <= 3, `${most} batches are alive at once`);
});
