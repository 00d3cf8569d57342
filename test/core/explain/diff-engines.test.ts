import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diffEngines } from '../../../src/core/explain/diff-engines.ts';
import { scoreEngine } from '../../../src/core/explain/engine-cost.ts';
import {
  differencesFromReference,
  referenceEngine,
} from '../../../src/core/explain/reference-engine.ts';
import { resimulate, startSimulation } from '../../../src/core/explain/resimulate.ts';
import { simulate } from '../../../src/core/sim/simulate.ts';
import { givenModel, microModel, SHARED_ABSENT } from './micro-models.ts';
import { FAN_OUT, modelOf, RESIDUAL, TARGET, valueOf } from './text-models.ts';

test('an engine does not differ from itself', () => {
  const { engine } = startSimulation(modelOf(RESIDUAL), TARGET);
  assert.deepEqual(diffEngines(engine, engine), []);
});

test('one scale for both quantizers: INT8 out, and two copies gone', () => {
  const before = startSimulation(modelOf(FAN_OUT), TARGET);
  const edit = { kind: 'share-scale', from: 'b_q', quantizers: ['c_q'] } as const;
  const after = valueOf(resimulate(before, [edit]));
  const differences = diffEngines(before.engine, after.engine);
  assert.deepEqual(
    differences.map(({ kind, nodes }) => [kind, nodes]),
    [
      ['precision', ['conv0', 'relu0']],
      ['qdq-lost', ['b_q']],
      ['qdq-lost', ['c_q']],
    ],
  );
  const bytes = differences.reduce((sum, difference) => sum + difference.bytes, 0);
  const [a, b] = [scoreEngine(before.engine), scoreEngine(after.engine)];
  assert.ok(bytes < 0 && b.bytes < a.bytes);
  assert.equal(a.survivingQdq - b.survivingQdq, 2);
});

test('the way back has the opposite kinds', () => {
  const a = startSimulation(modelOf(RESIDUAL), TARGET);
  const b = valueOf(resimulate(a, [{ kind: 'remove-pair', quantize: 'b_q' }]));
  const opposite: Readonly<Record<string, string>> = {
    split: 'merged',
    merged: 'split',
    'qdq-lost': 'qdq-gained',
    'qdq-gained': 'qdq-lost',
    'reformat-lost': 'reformat-gained',
    'reformat-gained': 'reformat-lost',
  };
  const kinds = (from: typeof a, to: typeof a): string[] =>
    diffEngines(from.engine, to.engine)
      .map(({ kind }) => kind)
      .sort();
  const there = kinds(a, b);
  assert.ok(there.length > 0);
  assert.deepEqual(kinds(b, a), there.map((kind) => opposite[kind] ?? kind).sort());
});

test('the reference has no Q/DQ, and its model is not changed', () => {
  const model = modelOf(RESIDUAL);
  const count = model.graph.nodeCount;
  const reference = valueOf(referenceEngine(model, TARGET));
  assert.equal(reference.summary.survivingQdq, 0);
  assert.equal(model.graph.nodeCount, count);
  assert.ok(reference.layers.some(({ nodes }) => nodes.includes('conv1') && nodes.includes('add')));
});

test('TensorRT 11 has its reference from the last version that built one', () => {
  const strong = { trt: '11.0', sm: 90, mode: 'strong' } as const;
  const reference = valueOf(referenceEngine(modelOf(RESIDUAL), strong));
  assert.deepEqual([reference.target.trt, reference.mode], ['10.16', 'best']);
});

test(
  'the stripped resnet18 is predicted as the one that was exported without Q/DQ',
  { skip: SHARED_ABSENT },
  async () => {
    const reference = valueOf(referenceEngine(await givenModel('real/resnet18.convs'), TARGET));
    const float = simulate(await givenModel('real/resnet18.fp'), TARGET);
    assert.deepEqual(
      reference.layers.map(({ layerType, precision }) => [layerType, precision]),
      float.layers.map(({ layerType, precision }) => [layerType, precision]),
    );
  },
);

test(
  'the costliest difference from the reference comes first',
  { skip: SHARED_ABSENT },
  async () => {
    const model = await givenModel('real/resnet18.convs');
    const { engine } = startSimulation(model, TARGET);
    const differences = differencesFromReference(engine, valueOf(referenceEngine(model, TARGET)));
    assert.ok(differences.length > 0);
    const bytes = differences.map((difference) => difference.bytes);
    assert.deepEqual(
      bytes,
      [...bytes].sort((a, b) => b - a),
    );
    assert.ok(bytes.every((count) => count > 0));
  },
);

test('a Concat that runs in float is told of', { skip: SHARED_ABSENT }, async () => {
  const model = await microModel('concat_unequal');
  const { engine } = startSimulation(model, TARGET);
  const differences = differencesFromReference(engine, valueOf(referenceEngine(model, TARGET)));
  assert.ok(
    differences.some(({ nodes }) => nodes.some((node) => /DequantizeLinear_4|Conv_2/.test(node))),
  );
});
