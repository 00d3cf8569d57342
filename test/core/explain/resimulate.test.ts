import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bufferSource } from '../../../src/core/base/byte-source.ts';
import { changeCandidates } from '../../../src/core/explain/change-candidates.ts';
import { resimulate, startSimulation } from '../../../src/core/explain/resimulate.ts';
import { checkGraph } from '../../../src/core/ir/check-graph.ts';
import type { Model } from '../../../src/core/ir/model.ts';
import { openModel } from '../../../src/core/onnx/index.ts';
import { applyEdits } from '../../../src/core/placement/apply-edits.ts';
import type { PlacementEdit } from '../../../src/core/placement/placement-edit.ts';
import { generateResnet50Qdq } from '../../support/generate-model.ts';
import { givenModel, SHARED_ABSENT } from './micro-models.ts';
import { CONCAT, FAN_OUT, modelOf, POOL_BEFORE, RESIDUAL, TARGET, valueOf } from './text-models.ts';

/** Numbers from 0 to 1 that are the same at every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Any edit that the search would try, or the removal of any pair. */
function randomEdit(model: Model, random: () => number): PlacementEdit | undefined {
  const nodes = [...model.graph.nodes()];
  const quantizers = nodes.filter((node) => node.opType === 'QuantizeLinear');
  const edits: PlacementEdit[] = [
    ...changeCandidates(
      model.graph,
      nodes.map((node) => node.name),
    ),
    ...quantizers.map((node) => ({ kind: 'remove-pair' as const, quantize: node.name })),
  ];
  return edits[Math.floor(random() * edits.length)];
}

/** Forgets all that inference found, so that it has to find it again. */
function forget(model: Model): Model {
  for (const value of model.graph.values()) {
    if (value.isGraphInput || value.tensor !== undefined) continue;
    value.shape = undefined;
    value.dataType = undefined;
  }
  return model;
}

/** Edits `make()` again and again at random, each time from what the last edit left, and compares with a simulation from nothing. */
function check(make: () => Model, { seed, steps }: { seed: number; steps: number }): void {
  const random = randomFrom(seed);
  let simulation = startSimulation(make(), TARGET);
  const edits: PlacementEdit[] = [];
  for (let step = 0; step < steps; step++) {
    const edit = randomEdit(simulation.model, random);
    if (edit === undefined) return;
    const next = resimulate(simulation, [edit]);
    if (!next.ok) continue;
    edits.push(edit);
    simulation = next.value;
    assert.deepEqual(checkGraph(simulation.model.graph), [], JSON.stringify(edits));
    const whole = startSimulation(forget(valueOf(applyEdits(make(), edits))), TARGET);
    assert.deepEqual(simulation.engine, whole.engine, JSON.stringify(edits));
  }
  assert.ok(edits.length > 0, 'no edit was possible');
}

for (const [name, text] of Object.entries({ RESIDUAL, FAN_OUT, POOL_BEFORE, CONCAT }))
  test(`${name} after random edits is what a simulation from nothing says`, () => {
    for (let seed = 1; seed <= 4; seed++) check(() => modelOf(text), { seed, steps: 8 });
  });

test('so is a network of 338 nodes', async () => {
  const source = bufferSource('resnet50', generateResnet50Qdq({ width: 4 }));
  const { model } = valueOf(await openModel([source]));
  const make = (): Model => ({ ...model, graph: model.graph.clone() });
  check(make, { seed: 7, steps: 6 });
});

test('so are given networks', { skip: SHARED_ABSENT }, async () => {
  for (const name of ['real/yolov5n.convs', 'real/bert_mini.short', 'micro/concat_unequal']) {
    const model = await givenModel(name);
    check(() => ({ ...model, graph: model.graph.clone() }), { seed: 3, steps: 5 });
  }
});
