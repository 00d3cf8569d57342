import assert from 'node:assert/strict';
import { test } from 'node:test';
import { moduleTree, outlineRows, searchMatches } from '../../../src/ui/state/module-tree.ts';
import { sceneOf } from '../sample-engine.ts';

const scene = sceneOf([
  'io:input',
  '/stem/conv/Conv',
  '/layer1/0/conv1/Conv',
  '/layer1/0/Add',
  '/layer1/1/conv1/Conv',
  '/layer1/1/relu/Relu',
  'Gemm_9',
]);

const labels = (closed: string[] = [], search = '') =>
  outlineRows(moduleTree(scene), new Set(closed), search).map(
    (row) => `${'  '.repeat(row.depth)}${row.kind === 'group' ? row.group.label : row.leaf.label}`,
  );

test('modules nest by slashes, in graph order; a module of one box is that box', () => {
  assert.deepEqual(labels(), [
    'stem/conv/Conv',
    'layer1',
    '  0',
    '    conv1/Conv',
    '    Add',
    '  1',
    '    conv1/Conv',
    '    relu/Relu',
    'Gemm_9',
  ]);
});

test('a closed module hides what is in it', () => {
  assert.deepEqual(labels(['/layer1']), ['stem/conv/Conv', 'layer1', 'Gemm_9']);
});

test('a search shows matches with their modules, closed or not', () => {
  assert.deepEqual(labels(['/layer1'], 'ADD'), ['layer1', '  0', '    Add']);
  assert.deepEqual(labels([], 'nothing like it'), []);
});

test('a module knows all nodes below it', () => {
  const [layer1] = moduleTree(scene).groups;
  assert.equal(layer1?.count, 4);
  assert.deepEqual(
    layer1.groups.map(({ nodes }) => nodes.length),
    [2, 2],
  );
});

test('search matches boxes of a scene; an empty search marks none', () => {
  assert.deepEqual(searchMatches(scene, 'relu'), ['/layer1/1/relu/Relu']);
  assert.deepEqual(searchMatches(scene, '  '), []);
});
