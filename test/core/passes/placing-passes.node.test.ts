import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { startSimulation } from '../../../src/core/explain/resimulate.ts';
import { checkGraph } from '../../../src/core/ir/check-graph.ts';
import { inferShapes } from '../../../src/core/ir/infer/infer-shapes.ts';
import type { Model } from '../../../src/core/ir/model.ts';
import { PLACING_PASSES } from './pass-groups.ts';
import { runPasses } from '../../../src/core/passes/run-passes.ts';
import type { PassRun } from '../../../src/core/passes/run-passes.ts';
import type { EngineSummary } from '../../../src/core/sim/predicted-engine.ts';
import type { Target } from '../../../src/core/sim/target.ts';
import { valueOf } from '../explain/text-models.ts';
import { enginesFolder, readModel, skipEngines } from '../sim/given-engines.ts';

const TARGET: Target = { trt: '10.6', sm: 90, mode: 'best' };

const load = async (file: string): Promise<Model> => {
  const model = await readModel(new URL(`file://${enginesFolder}models/${file}.onnx.gz`));
  inferShapes(model);
  return model;
};
const run = async (model: Model): Promise<PassRun> =>
  valueOf(await runPasses(model, PLACING_PASSES, { target: TARGET }));
const predict = (model: Model): EngineSummary => startSimulation(model, TARGET).engine.summary;
const predictAfter = async (file: string): Promise<EngineSummary> =>
  predict((await run(await load(file))).model);

const files = (): string[] =>
  ['micro', 'real'].flatMap((kind) =>
    readdirSync(`${enginesFolder}models/${kind}`)
      .filter((name) => name.endsWith('.onnx.gz') && !name.startsWith('bad_'))
      .map((name) => `${kind}/${name.replace('.onnx.gz', '')}`),
  );

/**
 * Layers and reformats more than before. A Q in front of a depthwise convolution with a float result writes the format that
 * it reads; taken into the convolution before, it leaves a reformat. Real engines agree; the passes do not know it yet.
 */
const KNOWN_LOSS: Readonly<Record<string, readonly [layers: number, reformats: number]>> = {
  'real/convnext_atto.convs': [1, 11],
};

test(
  'no given network gets worse, and all reach a fixed point',
  { skip: skipEngines },
  async () => {
    for (const file of files()) {
      const model = await load(file);
      const done = await run(model);
      if (done.changes.length === 0) continue;
      assert.deepEqual(checkGraph(done.model.graph), [], file);
      assert.deepEqual((await run(done.model)).changes, [], file);
      const [was, is] = [predict(model), predict(done.model)];
      const [layers, reformats] = KNOWN_LOSS[file] ?? [0, 0];
      assert.ok(is.layers <= was.layers + layers, `${file}: ${String(is.layers)} layers`);
      assert.ok(
        is.reformats <= was.reformats + reformats,
        `${file}: ${String(is.reformats)} reformats`,
      );
      assert.ok(is.survivingQdq <= was.survivingQdq, `${file}: ${String(is.survivingQdq)} Q/DQ`);
      // Where two INT8 layers become one, there is one less.
      const [lost, gone] = [was.int8Layers - is.int8Layers, was.layers - is.layers];
      assert.ok(lost <= gone + layers, `${file}: ${String(is.int8Layers)} INT8 layers`);
    }
  },
);

for (const network of ['resnet18', 'yolov5n'])
  test(
    `${network} quantized at its convolutions reaches the usual placement`,
    { skip: skipEngines },
    async () => {
      const goal = predict(await load(`real/${network}.mo`));
      for (const placement of ['convs', 'short', 'both']) {
        const found = await predictAfter(`real/${network}.${placement}`);
        const told = `${placement}: ${JSON.stringify(found)}, the goal ${JSON.stringify(goal)}`;
        assert.ok(found.int8Layers >= goal.int8Layers, told);
        assert.ok(found.reformats <= goal.reformats, told);
        assert.ok(found.survivingQdq <= goal.survivingQdq, told);
      }
    },
  );

test('blocks between normalizations get better too', { skip: skipEngines }, async () => {
  const [convs, short] = ['convs', 'short'].map((placement) => `real/convnext_atto.${placement}`);
  const [found, given] = [await predictAfter(convs ?? ''), predict(await load(short ?? ''))];
  assert.ok(found.layers < given.layers, JSON.stringify({ found, given }));
  assert.ok(found.survivingQdq < given.survivingQdq, JSON.stringify({ found, given }));
  assert.ok(found.int8Layers >= given.int8Layers, JSON.stringify({ found, given }));
});

/** What the scenarios promise, by the micro networks that ask about them: layers and Q/DQ that are left. */
const REACHED: Readonly<Record<string, readonly [layers: number, survivingQdq: number]>> = {
  residual_id_after_relu_c64: [5, 1],
  residual_id_both_after_relu_c72: [5, 1],
  residual_down_after_relu_c72: [6, 1],
  residual_down_both_after_relu_c72: [6, 1],
  mbv2_none: [6, 1],
  concat_unequal: [4, 1],
  spp_unequal: [6, 1],
  bottleneck_silu_q_sm: [6, 1],
  bottleneck_silu_none_ms: [6, 1],
  silu_three_unequal: [3, 1],
  silu_mul_in_unequal: [3, 1],
  residual_shared_own_q_other_scale: [5, 1],
  se_convs: [7, 1],
};

test(
  'the micro networks of the scenarios come out as they should',
  { skip: skipEngines },
  async () => {
    for (const [name, expected] of Object.entries(REACHED)) {
      const { layers, survivingQdq } = await predictAfter(`micro/${name}`);
      assert.deepEqual([layers, survivingQdq], expected, name);
    }
  },
);

test('what is placed well already is left alone', { skip: skipEngines }, async () => {
  for (const name of ['resnet18.mo', 'yolov5n.mo', 'resnet18.short'])
    assert.deepEqual((await run(await load(`real/${name}`))).changes, [], name);
});
