import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SceneBox } from '../../../src/api/scene.ts';
import { hidingFolds } from '../../../src/ui/state/hiding-folds.ts';
import { sceneOf } from '../sample-engine.ts';

const plain = sceneOf(['/stem/Conv']);
const fold = (path: string, nodes: readonly string[]): SceneBox => ({
  ...plain.boxes[0]!,
  id: `fold:${path}`,
  kind: 'fold',
  path,
  nodes,
});
const boxes = [...plain.boxes, fold('/a', ['/a/Conv', 'Q_1']), fold('/b', ['/b/Conv'])];
const model = { scene: { ...plain, boxes }, folded: ['/a', '/b', '/a/inner'] };

test('a node, a layer or a finding asks for the modules that hide it, quantizers inside included', () => {
  const node = (name: string) => ({ kind: 'node', name, nodes: [name] }) as const;
  assert.deepEqual(hidingFolds(model, node('/a/Conv')), ['/a']);
  assert.deepEqual(hidingFolds(model, node('Q_1')), ['/a']);
  assert.deepEqual(hidingFolds(model, node('/stem/Conv')), []);
  const layer = { kind: 'layer', name: 'l', nodes: ['/a/Conv', '/b/Conv', '/stem/Conv'] } as const;
  assert.deepEqual(hidingFolds(model, layer), ['/a', '/b']);
});

test('a node opens its own module, not those of the nodes that are marked with it', () => {
  const selection = { kind: 'node', name: '/a/Conv', nodes: ['/a/Conv', '/b/Conv'] } as const;
  assert.deepEqual(hidingFolds(model, selection), ['/a']);
});

test('a module that is selected stays folded', () => {
  assert.deepEqual(hidingFolds(model, { kind: 'module', name: '/a', nodes: ['/a/Conv'] }), []);
  assert.deepEqual(hidingFolds(model, null), []);
});
