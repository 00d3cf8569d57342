import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { inferShapes } from '../../../src/core/ir/infer/infer-shapes.ts';
import type { Model } from '../../../src/core/ir/model.ts';
import { lintModel } from '../../../src/core/lint/lint-model.ts';
import { NORMALIZING_PASSES } from './pass-groups.ts';
import type { RewritePass } from '../../../src/core/passes/rewrite-pass.ts';
import { runPasses } from '../../../src/core/passes/run-passes.ts';
import type { PassRun } from '../../../src/core/passes/run-passes.ts';
import { parseTarget } from '../../../src/core/sim/parse-target.ts';
import type { PredictedEngine } from '../../../src/core/sim/predicted-engine.ts';
import { simulate } from '../../../src/core/sim/simulate.ts';
import type { BuildMode, Target } from '../../../src/core/sim/target.ts';
import { readModel } from '../sim/given-engines.ts';
import { compareRuns } from './compare-runs.ts';

const FOLDER = new URL('../../models/exported/', import.meta.url);
const NAMES = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.onnx.gz'))
  .map((name) => name.replace('.onnx.gz', ''));

const USUAL = NORMALIZING_PASSES.filter(({ onRequest }) => onRequest === undefined);
const HALF = new Set(['raise-operator-set', 'make-float16']);
const TO_HALF = NORMALIZING_PASSES.filter(({ id }) => HALF.has(id));

/**
 * A step that is one bit coarser doubles the error of a quantizer, and no exporter's range is made coarser by more than a
 * little over that: so the outputs may end up twice as far from those of the float network as they were.
 */
const COARSER = 2;
/** What half precision may add: rounding to 11 bits moves some numbers to the next step of an INT8 grid. */
const HALF_MOVES = 0.03;

for (const name of NAMES)
  test(`the normalizing passes make ${name} a model that TensorRT takes`, async (t) => {
    const model = await opened(name);
    const target = targetOf('trt10.6-sm90', 'best');
    const before = refusals(model, target);
    const run = await ran(model, USUAL, target);
    assert.deepEqual(refusals(run.model, target), []);
    const again = await ran(run.model, USUAL, target);
    assert.deepEqual(again.changes, [], 'a second run changes nothing');
    const moved = await compareRuns(model, run.model);
    const float = await floatTwin(model);
    const [was, is] = [await compareRuns(float, model), await compareRuns(float, run.model)];
    t.diagnostic(
      `${String(before.length)} refusals before, ${String(run.changes.length)} changes, ` +
        `off the float network by ${was.toFixed(4)} before, ${is.toFixed(4)} after`,
    );
    const isExact = run.changes.every(({ numerics }) => numerics === 'bit-exact');
    if (isExact) assert.equal(moved, 0, 'what is bit-exact moves nothing');
    assert.ok(is <= COARSER * was, `off by ${String(is)} after ${String(was)}`);
  });

for (const id of ['trt11.2-sm90', 'trt10.6-sm90'])
  test(`strongly typed for ${id}, all of them run in FP16 and INT8`, async (t) => {
    const target = targetOf(id, 'strong');
    for (const name of NAMES) {
      const plain = (await ran(await opened(name), USUAL, target)).model;
      const { model } = await ran(plain, TO_HALF, target);
      assert.deepEqual(refusals(model, target), [], name);
      const again = await ran(model, TO_HALF, target);
      assert.deepEqual(again.changes, [], `${name}: a second run changes nothing`);
      assert.deepEqual(await ran(model, USUAL, target).then(({ changes }) => changes), [], name);
      const [was, is] = [engineOf(plain, target), engineOf(model, target)];
      assert.deepEqual(floatLayers(is), [], `${name}: what computes in FP32`);
      assert.ok(is.summary.int8Layers >= was.summary.int8Layers, `${name}: INT8 layers`);
      assert.ok(is.summary.survivingQdq <= was.summary.survivingQdq, `${name}: Q/DQ`);
      const moved = await compareRuns(plain, model);
      t.diagnostic(`${name} moves by ${moved.toFixed(4)}`);
      assert.ok(moved <= HALF_MOVES, `${name} moves by ${String(moved)}`);
    }
  });

async function opened(name: string): Promise<Model> {
  const model = await readModel(new URL(`${name}.onnx.gz`, FOLDER));
  inferShapes(model);
  return model;
}

/** The float network, with its input called as in `model`. */
async function floatTwin(model: Model): Promise<Model> {
  const float = await opened('float');
  const [input] = float.graph.inputs;
  const name = model.graph.inputs[0]?.name;
  assert.ok(input && name !== undefined);
  if (input.name !== name) float.graph.renameValue(input, name);
  return float;
}

function targetOf(id: string, mode: BuildMode): Target {
  const parsed = parseTarget(id, mode);
  assert.ok(parsed.ok);
  return parsed.value;
}

async function ran(model: Model, passes: readonly RewritePass[], target: Target): Promise<PassRun> {
  const run = await runPasses(model, passes, { target });
  assert.ok(run.ok);
  return run.value;
}

function engineOf(model: Model, target: Target): PredictedEngine {
  const copy = { ...model, graph: model.graph.clone() };
  return simulate(copy, target, inferShapes(copy));
}

/** What makes TensorRT refuse the model. */
function refusals(model: Model, target: Target): string[] {
  const copy = { ...model, graph: model.graph.clone() };
  const inferred = inferShapes(copy);
  assert.deepEqual(inferred.diagnostics, []);
  return lintModel(copy, simulate(copy, target, inferred), inferred)
    .filter(({ severity }) => severity === 'error')
    .map(({ ruleId, nodes }) => `${ruleId}: ${nodes.join(' ')}`);
}

/** Layers that compute in FP32. A Cast between the float types, at the ends of the network, does not. */
const floatLayers = ({ layers }: PredictedEngine): string[] =>
  layers
    .filter(({ role }) => role === 'compute')
    .map(({ name, inputs, outputs }) => ({
      name,
      types: [...inputs, ...outputs].map(({ dataType }) => dataType).sort(),
    }))
    .filter(({ types }) => types.includes('Float') && types.join() !== 'Float,Half')
    .map(({ name }) => name);
