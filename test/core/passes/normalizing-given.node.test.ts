import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { scoreEngine } from '../../../src/core/explain/engine-cost.ts';
import type { EngineScore } from '../../../src/core/explain/engine-cost.ts';
import { startSimulation } from '../../../src/core/explain/resimulate.ts';
import { checkGraph } from '../../../src/core/ir/check-graph.ts';
import { inferShapes } from '../../../src/core/ir/infer/infer-shapes.ts';
import type { Model, Node } from '../../../src/core/ir/graph.ts';
import { NORMALIZING_PASSES } from './pass-groups.ts';
import type { RewritePass } from '../../../src/core/passes/rewrite-pass.ts';
import { runPasses } from '../../../src/core/passes/run-passes.ts';
import type { PassRun } from '../../../src/core/passes/run-passes.ts';
import { parseTarget } from '../../../src/core/sim/parse-target.ts';
import type { PredictedEngine } from '../../../src/core/sim/predicted-engine.ts';
import type { BuildMode, Target } from '../../../src/core/sim/target.ts';
import { readModel, skipEngines } from '../sim/given-engines.ts';

const MODELS = new URL('../../../../shared/engines/models/', import.meta.url);
const USUAL = NORMALIZING_PASSES.filter(({ onRequest }) => onRequest === undefined);
const TO_HALF = NORMALIZING_PASSES.filter(({ id }) =>
  ['raise-operator-set', 'make-float16', 'remove-cast-noise'].includes(id),
);
const options = { skip: skipEngines };

test(
  'normalizing comes to an end on all given models, and no engine gets worse',
  options,
  async (t) => {
    const target = targetOf('trt10.6-sm90', 'best');
    const counts = new Map<string, number>();
    for await (const [name, model] of givenModels()) {
      const run = await ran(model, USUAL, target);
      for (const { passId } of run.changes) counts.set(passId, (counts.get(passId) ?? 0) + 1);
      if (run.changes.length === 0) continue;
      assert.deepEqual(checkGraph(run.model.graph), [], name);
      const again = await ran(run.model, USUAL, target);
      assert.deepEqual(again.changes, [], `${name}: a second run changes nothing`);
      const [was, is] = [scoreOf(model, target), scoreOf(run.model, target)];
      assert.ok(is.survivingQdq <= was.survivingQdq, `${name}: Q/DQ`);
      assert.ok(is.layers <= was.layers && is.reformats <= was.reformats, `${name}: layers`);
    }
    t.diagnostic([...counts].map((entry) => entry.join(' ')).join(', '));
  },
);

test('all given models become FP16 for strongly typed builds', options, async (t) => {
  const target = targetOf('trt11.2-sm90', 'strong');
  let changes = 0;
  for await (const [name, model] of givenModels()) {
    const run = await ran(model, TO_HALF, target);
    changes += run.changes.length;
    const { graph } = run.model;
    assert.deepEqual(checkGraph(graph), [], name);
    const types = new Map([...graph.values()].map((value) => [value.name, value.dataType]));
    const fresh = { ...run.model, graph: graph.clone() };
    assert.deepEqual(inferShapes(fresh).diagnostics, inferShapes(model).diagnostics, name);
    for (const value of fresh.graph.values())
      assert.equal(value.dataType, types.get(value.name), `${name}: type of ${value.name}`);
    assert.deepEqual(castPairs(graph.nodes()), [], `${name}: Casts in a row`);
    const again = await ran(run.model, TO_HALF, target);
    assert.deepEqual(again.changes, [], `${name}: a second run changes nothing`);
    const [was, is] = [readersOfInt8(model, target), readersOfInt8(run.model, target)];
    assert.ok(is >= was, `${name}: ${String(is)} instead of ${String(was)} layers read INT8`);
  }
  t.diagnostic(`${String(changes)} changes`);
});

async function* givenModels(): AsyncGenerator<readonly [string, Model]> {
  for (const kind of ['micro', 'real'])
    for (const file of readdirSync(new URL(`${kind}/`, MODELS))) {
      if (!file.endsWith('.onnx.gz')) continue;
      const model = await readModel(new URL(`${kind}/${file}`, MODELS));
      inferShapes(model);
      yield [file.replace('.onnx.gz', ''), model];
    }
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

const engineOf = (model: Model, target: Target): PredictedEngine =>
  startSimulation({ ...model, graph: model.graph.clone() }, target).engine;

const scoreOf = (model: Model, target: Target): EngineScore => scoreEngine(engineOf(model, target));

/** Convolutions and products that read INT8, also those that take a residual in half besides. */
const readersOfInt8 = (model: Model, target: Target): number =>
  engineOf(model, target).layers.filter(
    ({ layerType, inputs }) =>
      /conv|gemm/i.test(layerType) && inputs.some(({ dataType }) => dataType === 'Int8'),
  ).length;

/** Casts that read a Cast. */
function castPairs(nodes: Iterable<Node>): string[] {
  return [...nodes]
    .filter(({ opType, inputs }) => opType === 'Cast' && inputs[0]?.producer()?.opType === 'Cast')
    .map(({ name }) => name);
}
