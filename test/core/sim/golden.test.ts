import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inferShapes } from '../../../src/core/ir/infer/infer-shapes.ts';
import { printOnnxText } from '../../../src/core/onnx/index.ts';
import type { PredictedEngine } from '../../../src/core/sim/predicted-engine.ts';
import { ruleCatalog } from '../../../src/core/sim/rule-catalog.ts';
import { simulate } from '../../../src/core/sim/simulate.ts';
import { engineFaults } from './engine-faults.ts';
import { engineLines, traceLines } from './engine-text.ts';
import { goldenFolders, goldensOf } from './golden-file.ts';
import type { Golden } from './golden-file.ts';
import { textModel } from './text-model.ts';

const isUpdate = process.env['UPDATE_GOLDENS'] === '1';

test('each rule has goldens, and each golden a rule', () => {
  assert.deepEqual(goldenFolders(), ruleCatalog.map(({ id }) => id).sort());
});

for (const { id, pass } of ruleCatalog)
  test(`goldens of ${id}`, () => {
    const goldens = goldensOf(id);
    const outcomes = goldens.map((golden) => holds(golden, pass));
    assert.equal(outcomes[0], 'fires', 'the first golden is the example of the rule');
    assert.ok(
      outcomes.some((outcome) => outcome !== 'fires'),
      'no golden shows the nearest case in which it does not fire',
    );
  });

/** Compares a golden with what is predicted now, or writes that down; tells what the rule did. */
function holds(golden: Golden, pass: string): 'fires' | 'refuses' | 'is silent' {
  const where = `${golden.ruleId}/${golden.name}`;
  const engine = simulated(golden, where);
  const events = engine.trace.filter((event) => event.ruleId === golden.ruleId);
  const lines = [...engineLines(engine), '', ...events.flatMap(traceLines)];
  const found = `${lines.join('\n').trimEnd()}\n`;
  if (isUpdate) golden.update(found);
  else assert.equal(found, golden.expectation, where);
  assert.equal(events.length === 0, golden.isSilent, `${where}: silent, and only where it says so`);
  assert.ok(events.every((event) => event.pass === pass));
  if (events.length === 0) return 'is silent';
  return events.some((event) => event.outcome === 'fired') ? 'fires' : 'refuses';
}

function simulated(golden: Golden, where: string): PredictedEngine {
  const model = textModel(golden.model);
  const report = inferShapes(model);
  assert.deepEqual(report.diagnostics, [], where);
  const before = printOnnxText(model);
  const engine = simulate(model, golden.target, report);
  assert.equal(printOnnxText(model), before, `${where}: the model is left alone`);
  assert.deepEqual(simulate(model, golden.target, report), engine, `${where}: twice the same`);
  assert.deepEqual(simulate(textModel(golden.model), golden.target), engine, `${where}: read anew`);
  assert.deepEqual(engineFaults(engine, model.graph), [], where);
  return engine;
}
