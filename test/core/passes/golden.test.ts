import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSimulation } from '../../../src/core/explain/resimulate.ts';
import { checkGraph } from '../../../src/core/ir/check-graph.ts';
import { inferShapes } from '../../../src/core/ir/infer/infer-shapes.ts';
import type { Model } from '../../../src/core/ir/model.ts';
import { printOnnxText } from '../../../src/core/onnx/index.ts';
import { PIPELINE } from '../../../src/core/passes/pipeline.ts';
import type { RewritePass } from '../../../src/core/passes/rewrite-pass.ts';
import { runPasses } from '../../../src/core/passes/run-passes.ts';
import type { PassRun } from '../../../src/core/passes/run-passes.ts';
import type { EngineSummary } from '../../../src/core/sim/predicted-engine.ts';
import type { Target } from '../../../src/core/sim/target.ts';
import { textModel } from '../sim/text-model.ts';
import { goldenFolders, goldensOf } from './golden-file.ts';
import type { PassGolden } from './golden-file.ts';

const isUpdate = process.env['UPDATE_GOLDENS'] === '1';

test('each pass has goldens, and each golden a pass', () => {
  assert.deepEqual(goldenFolders(), PIPELINE.map(({ id }) => id).sort());
});

for (const pass of PIPELINE)
  test(`goldens of ${pass.id}`, async () => {
    const outcomes: string[] = [];
    for (const golden of goldensOf(pass.id)) outcomes.push(await holds(golden, pass));
    assert.equal(outcomes[0], 'changes', 'the first golden is the example of the pass');
    assert.ok(
      outcomes.some((outcome) => outcome !== 'changes'),
      'no golden shows the nearest case that the pass leaves alone',
    );
  });

/** Compares a golden with what the pass does now, or writes that down; tells what it did. */
async function holds(golden: PassGolden, pass: RewritePass): Promise<'changes' | 'leaves alone'> {
  const model = textModel(golden.model);
  assert.deepEqual(inferShapes(model).diagnostics, [], golden.name);
  const printed = printOnnxText(model);
  const run = await ran(model, pass, golden);
  assert.equal(printOnnxText(model), printed, `${golden.name}: the model given is left alone`);
  const found = describe(run, model, golden.target);
  if (isUpdate) golden.update(found);
  else assert.equal(found, golden.expectation, golden.name);
  await staysSound(run, pass, golden);
  return run.changes.length > 0 ? 'changes' : 'leaves alone';
}

async function ran(model: Model, pass: RewritePass, golden: PassGolden): Promise<PassRun> {
  const { target, settings } = golden;
  const run = await runPasses(model, [pass], { target, settings });
  assert.ok(run.ok, golden.name);
  return run.value;
}

/** The result is a good model, and its own fixed point. */
async function staysSound(run: PassRun, pass: RewritePass, golden: PassGolden): Promise<void> {
  assert.deepEqual(checkGraph(run.model.graph), [], golden.name);
  const types = new Map([...run.model.graph.values()].map((value) => [value.name, typeOf(value)]));
  const anew = textModel(printOnnxText(run.model));
  assert.deepEqual(inferShapes(anew).diagnostics, [], `${golden.name}: the result infers`);
  for (const value of anew.graph.values())
    assert.equal(types.get(value.name), typeOf(value), `${golden.name}: type of ${value.name}`);
  const again = await ran(run.model, pass, golden);
  assert.deepEqual(again.changes, [], `${golden.name}: a second run changes nothing`);
}

const typeOf = ({ dataType, shape }: { dataType?: unknown; shape?: unknown }): string =>
  `${String(dataType)} ${JSON.stringify(shape)}`;

function describe(run: PassRun, before: Model, target: Target): string {
  const lines = [
    ...run.changes.map(({ text }) => `did: ${text}`),
    ...run.declined.map(
      ({ site, reason, nodes }) => `refused at ${site}: ${reason} (${nodes.join(', ')})`,
    ),
  ];
  if (run.changes.length > 0) {
    const [was, is] = [before, textModel(printOnnxText(run.model))].map((model) =>
      summaryText(startSimulation(model, target).engine.summary),
    );
    lines.push(
      `engine: ${was ?? ''}`,
      `   now: ${is ?? ''}`,
      '',
      printOnnxText(run.model).trimEnd(),
    );
  }
  return `${lines.join('\n')}\n`;
}

const summaryText = (summary: EngineSummary): string =>
  `${String(summary.layers)} layers, ${String(summary.int8Layers)} INT8, ` +
  `${String(summary.reformats)} reformats, ${String(summary.survivingQdq)} Q/DQ`;
