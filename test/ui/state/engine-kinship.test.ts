import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isKin, kinshipOf, nodesOfScene } from '../../../src/ui/state/engine-kinship.ts';
import { sampleBuilt } from '../sample-built.ts';
import { sceneOf } from '../sample-engine.ts';

const names = [
  '/block/conv1/Conv',
  '/block/relu/Relu',
  '/block/conv2/Conv',
  '/block/Add',
  '/pool/MaxPool',
];

test('an engine is taken for one of the model that has most of its nodes', () => {
  assert.equal(isKin(sampleBuilt, sceneOf(names)), true);
  assert.equal(isKin(sampleBuilt, sceneOf(['/block/Add', '/head/Gemm'])), false);
});

test('an engine that names no nodes is nobody’s', () => {
  const layers = sampleBuilt.layers.map((layer) => ({ ...layer, nodes: [] }));
  assert.equal(isKin({ layers, bindings: [] }, sceneOf(names)), false);
});

test('Q/DQ on edges are nodes of the model, too', () => {
  const scene = sceneOf(['a', 'b']);
  const badge = { text: 'Q' as const, nodes: ['q1'], scale: '1', x: 0, y: 0 };
  const edges = [{ from: 'a', to: 'b', label: 'x', points: [], badges: [badge] }];
  assert.deepEqual([...nodesOfScene({ ...scene, edges })], ['a', 'b', 'q1']);
});

test('quantizers, which are called alike in all models, prove nothing', () => {
  const quantizers = sampleBuilt.layers
    .flatMap(({ nodes }) => nodes)
    .filter((name) => name.startsWith('Quant'));
  assert.deepEqual(kinshipOf(sampleBuilt, sceneOf(quantizers)), { layers: 3, found: 0 });
  assert.equal(isKin(sampleBuilt, sceneOf(quantizers)), false);
});
