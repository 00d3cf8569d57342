import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainedNode } from '../../../src/ui/state/explained-node.ts';
import { fusionGroup, layerByNode } from '../../../src/ui/state/layer-words.ts';
import { sampleEngine } from '../sample-engine.ts';

const ofLayer = (index: number) => {
  const { name, nodes } = sampleEngine.layers[index]!;
  return explainedNode({ kind: 'layer', name, nodes }, sampleEngine);
};

test('a layer asks about its main node, a node about itself, anything else about nothing', () => {
  assert.equal(ofLayer(2), '/block/conv2/Conv');
  assert.equal(ofLayer(3), 'QuantizeLinear_3');
  const node = { kind: 'node', name: '/block/Add', nodes: [] } as const;
  assert.equal(explainedNode(node, null), '/block/Add');
  assert.equal(explainedNode({ ...node, kind: 'module' }, sampleEngine), null);
  assert.equal(explainedNode(null, sampleEngine), null);
});

test('a layer that the builder adds, or that is gone, asks nothing', () => {
  assert.equal(ofLayer(5), null);
  assert.equal(explainedNode({ kind: 'layer', name: 'gone', nodes: ['x'] }, sampleEngine), null);
});

test('a node stands for all that run in its layer; one that no layer runs, for itself', () => {
  const group = (...nodes: string[]) => fusionGroup(layerByNode(sampleEngine), nodes);
  assert.deepEqual(group('/block/Add'), ['/block/Add', 'QuantizeLinear_2', '/block/conv2/Conv']);
  assert.deepEqual(group('folded'), ['folded']);
  assert.deepEqual(group(), []);
});
