import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  builtLayerOf,
  builtSelection,
  fieldText,
  outlineOf,
  shortLayerName,
} from '../../../src/ui/state/built-words.ts';
import { sampleBuilt, viewOf } from '../sample-built.ts';

test('a layer is selected by its index, for names occur twice', () => {
  const selection = builtSelection(sampleBuilt, 4);
  assert.deepEqual(selection, { kind: 'built', name: '4', nodes: ['/pool/MaxPool'] });
  assert.equal(builtLayerOf(sampleBuilt, selection)?.index, 4);
  assert.equal(builtSelection(sampleBuilt, 99), null);
  assert.equal(builtSelection(sampleBuilt, undefined), null);
});

test('a node of the model means the layer that computes it', () => {
  const node = { kind: 'node', name: '/block/Add', nodes: ['/block/Add'] } as const;
  assert.equal(builtLayerOf(sampleBuilt, node)?.index, 2);
  assert.equal(builtLayerOf(sampleBuilt, null), undefined);
});

test('layers are called by the work they do, copies by where they stand', () => {
  assert.equal(shortLayerName(sampleBuilt.layers[2]!), '/block/conv2/Conv + /block/Add');
  assert.equal(shortLayerName(sampleBuilt.layers[5]!), 'after /pool/MaxPool');
  assert.equal(shortLayerName(sampleBuilt.layers[0]!), 'QuantizeLinear_0');
});

test('the outline names boxes by their work, and keeps their ids', () => {
  const { boxes } = outlineOf(viewOf(sampleBuilt));
  const named = boxes.filter(({ kind }) => kind !== 'io').map(({ id, nodes }) => [id, nodes[0]]);
  assert.deepEqual(
    named.find(([id]) => id === '1'),
    ['1', '/block/conv1/Conv'],
  );
  assert.deepEqual(
    named.find(([id]) => id === '5'),
    ['5', 'after ∕pool∕MaxPool'],
  );
});

test('nested fields stand as JSON', () => {
  assert.equal(fieldText('NONE'), 'NONE');
  assert.equal(fieldText({ a: [1] }), '{"a":[1]}');
});
