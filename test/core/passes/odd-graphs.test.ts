import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inferShapes } from '../../../src/core/ir/infer/infer-shapes.ts';
import type { Model } from '../../../src/core/ir/graph.ts';
import { PIPELINE } from '../../../src/core/passes/pipeline.ts';
import { runPasses } from '../../../src/core/passes/run-passes.ts';
import { textModel } from '../sim/text-model.ts';
import { goldenFolders, goldensOf } from './golden-file.ts';

const TARGET = { trt: '10.6', sm: 90, mode: 'best' } as const;

/** Every pass over a model: none may throw, and each must come to its end. */
async function survives(model: Model, what: string): Promise<void> {
  for (const pass of PIPELINE) {
    const run = await runPasses(model, [pass], { target: TARGET });
    assert.ok(run.ok, `${pass.id} on ${what}`);
    const again = await runPasses(run.value.model, [pass], { target: TARGET });
    assert.ok(again.ok, `${pass.id} again on ${what}`);
    assert.deepEqual(again.value.changes, [], `${pass.id} comes to its end on ${what}`);
  }
}

const examples = goldenFolders().flatMap((id) => goldensOf(id));

test('no pass breaks down on the examples of the others', async () => {
  for (const { name, model } of examples) {
    const example = textModel(model);
    inferShapes(example);
    await survives(example, name);
  }
});

test('no pass breaks down where no type and no shape is known', async () => {
  for (const { name, model } of examples) await survives(textModel(model), `${name} as it is`);
});

test('no pass breaks down where every value is an output of the network too', async () => {
  for (const { name, model } of examples) {
    const example = textModel(model);
    inferShapes(example);
    for (const node of example.graph.nodes())
      for (const value of node.outputs) if (!value.isGraphOutput) example.graph.addOutput(value);
    await survives(example, `${name} with all outputs`);
  }
});
