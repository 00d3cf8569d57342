import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomFeeds } from '../../../src/core/inputs/random-feeds.ts';
import { madeFeeds } from '../../../src/core/inputs/feed-sources.ts';
import { inferShapes } from '../../../src/core/ir/infer/infer-shapes.ts';
import { PIPELINE } from '../../../src/core/passes/pipeline.ts';
import { runPasses } from '../../../src/core/passes/run-passes.ts';
import { compareModels } from '../../../src/core/validate/compare-models.ts';
import { ortRunner } from '../../../src/ort/open-runner.ts';
import { loadKernels } from '../../../wasm/load-kernels.ts';
import { valueOf } from '../explain/text-models.ts';
import { goldensOf } from '../passes/golden-file.ts';
import { textModel } from '../sim/text-model.ts';

/** What comes of graphs that onnxruntime does not run, or whose scales wait: said, not compared. */
const NOT_COMPARED = /^(?:runtime|calibrate)\//;

test('no golden of any pass breaks a promise, nor moves what it does not touch', async (context) => {
  const options = { openRunner: ortRunner({ threads: 1 }), kernels: await loadKernels() };
  let compared = 0;
  let left = 0;
  for (const pass of PIPELINE)
    for (const golden of goldensOf(pass.id)) {
      const before = textModel(golden.model);
      inferShapes(before);
      const { target, settings } = golden;
      const run = valueOf(await runPasses(before, [pass], { target, settings }));
      const feeds = randomFeeds(before.graph, { seed: 2, samples: 1, distribution: 'normal' });
      if (run.changes.length === 0 || !feeds.ok) continue;
      const pair = { before, after: run.model };
      const { changes } = run;
      const data = madeFeeds([...feeds.value], 1);
      const report = await compareModels(pair, data, { ...options, changes });
      if (report.ok) {
        assert.deepEqual(report.value.breaches, [], golden.name);
        assert.ok(report.value.tensors.some(({ isOutput }) => isOutput));
        compared++;
      } else {
        assert.match(report.error.code, NOT_COMPARED, golden.name);
        left++;
      }
    }
  context.diagnostic(`${compared} goldens compared, ${left} cannot be run`);
  assert.ok(compared > 40);
});
