import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { FeedStream } from '../../../src/core/calibrate/feed-stream.ts';
import type { Feeds } from '../../../src/core/inputs/run-tensor.ts';
import { plainKernels } from '../../../src/core/quant/plain-kernels.ts';
import { compareModels } from '../../../src/core/validate/compare-models.ts';
import { compareWithFloat } from '../../../src/core/validate/compare-with-float.ts';
import type { CompareOptions } from '../../../src/core/validate/validate-options.ts';
import { TWO_LAYERS } from '../calibrate/calibrate-models.ts';
import { batches, row, smallRunner } from '../calibrate/small-runner.ts';
import type { RunnerLog } from '../calibrate/small-runner.ts';
import { modelOf, valueOf } from '../explain/text-models.ts';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;
const newLog = (): RunnerLog => ({ opened: [], runs: 0, released: 0 });
const one: CompareOptions['splitValues'] = (_graph, values) => values.map((value) => [value]);

test('batches are not kept, and each group asks only for its own values', async () => {
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
  const log = newLog();
  let most = 0;
  const report = valueOf(
    await compareWithFloat(modelOf(TWO_LAYERS), feeds, {
      kernels: plainKernels,
      openRunner: smallRunner(log),
      splitValues: one,
      pause: async () => {
        await new Promise((resolve) => setTimeout(resolve, 0));
        gc();
        most = Math.max(most, alive.filter((batch) => batch.deref()).length);
      },
    }),
  );
  assert.ok(most <= 3, `${most} batches are alive at once`);
  assert.equal(report.batches, 20);
  assert.ok(report.groups >= 3);
  // Beside the value itself the float model gives the local result of its layer.
  assert.ok(log.opened.every(({ wanted }) => wanted.length <= 2));
  assert.equal(log.released, log.opened.length);
});

test('cancelling between two batches of a group ends it, and gives everything back', async () => {
  const log = newLog();
  const controller = new AbortController();
  const model = modelOf(TWO_LAYERS);
  const result = await compareModels({ before: model, after: model }, batches([1, 2], [3, 4]), {
    kernels: plainKernels,
    openRunner: smallRunner(log),
    splitValues: one,
    signal: controller.signal,
    onProgress: ({ group }) => {
      if (group === 2) controller.abort();
    },
  });
  assert.equal(result.ok ? '' : result.error.code, 'base/cancelled');
  // Two batches of the first group, one of the second, by two models.
  assert.deepEqual([log.opened.length, log.runs, log.released], [4, 6, 4]);
});
