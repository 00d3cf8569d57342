import assert from 'node:assert/strict';
import { test } from 'node:test';
import { followSelection } from '../../../src/ui/state/follow-selection.ts';
import { engineOf, sampleEngine } from '../sample-engine.ts';

const conv = sampleEngine.layers[2]!;

test('a layer that kept its name stays selected, with its nodes of now', () => {
  const selection = { kind: 'layer', name: conv.name, nodes: ['old'] } as const;
  assert.deepEqual(followSelection(selection, sampleEngine), { ...selection, nodes: conv.nodes });
});

test('a layer that is gone gives way to the one that runs most of its nodes', () => {
  const split = engineOf([
    { ...conv, index: 0, name: 'conv alone', nodes: conv.nodes.slice(0, 2) },
    { ...conv, index: 1, name: 'add alone', nodes: conv.nodes.slice(2) },
  ]);
  const selection = { kind: 'layer', name: conv.name, nodes: conv.nodes } as const;
  assert.equal(followSelection(selection, split)?.name, 'conv alone');
  assert.equal(followSelection(selection, engineOf([])), null);
});

test('a node stays whatever the engine, and a finding until the linter has looked at it', () => {
  for (const kind of ['node', 'finding'] as const) {
    const selection = { kind, name: '/pool/MaxPool', nodes: ['/pool/MaxPool'] };
    assert.equal(followSelection(selection, engineOf([])), selection);
  }
});
