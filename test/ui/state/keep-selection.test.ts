import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Scene, SceneBox } from '../../../src/api/scene.ts';
import type { Selection } from '../../../src/ui/state/app-state.ts';
import { keepSelection } from '../../../src/ui/state/keep-selection.ts';

const box = (name: string): SceneBox =>
  ({ id: name, kind: 'compute', nodes: [name] }) as unknown as SceneBox;
const scene = (names: readonly string[], badge: readonly string[] = []): Scene =>
  ({
    boxes: names.map(box),
    edges: [
      {
        from: names[0],
        to: names[1],
        badges: badge.length === 0 ? [] : [{ text: 'Q·DQ', nodes: badge }],
      },
    ],
  }) as unknown as Scene;
const node = (name: string): Selection => ({ kind: 'node', name, nodes: [name] });

test('a pair that is gone hands the selection to the node that read it', () => {
  const before = scene(['a', 'b'], ['q', 'dq']);
  assert.deepEqual(keepSelection(node('q'), before, scene(['a', 'b'])), node('b'));
  assert.deepEqual(keepSelection(node('dq'), before, scene(['a', 'c'])), node('a'));
  assert.equal(keepSelection(node('q'), before, scene(['c', 'd'])), null);
});

test('what is still there stays, and what is no node is left to others', () => {
  const both = scene(['a', 'b'], ['q', 'dq']);
  assert.deepEqual(keepSelection(node('q'), both, both), node('q'));
  const layer: Selection = { kind: 'layer', name: 'x', nodes: ['gone'] };
  assert.equal(keepSelection(layer, both, both), layer);
  assert.equal(keepSelection(null, both, both), null);
});
