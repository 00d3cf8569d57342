import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inferShapes } from '../../src/core/ir/infer/infer-shapes.ts';
import { groupValues } from '../../src/ort/group-values.ts';
import { modelOf } from './run-support.ts';

const model = modelOf(`g (float[N, 4] x, int64[R] s) => (float[N, 4] d) {
  a = Relu (x) b = Relu (a) h = Cast <to = 3> (b) c = Expand (h, s) d = Relu (b)
}`);
inferShapes(model);
const { graph } = model;

test('groups stay below the budget and keep the order', () => {
  // With N = 2: a, b, d take 32 bytes each, h 8.
  const names = ['a', 'b', 'h', 'd'];
  const groups = (budgetBytes: number) =>
    groupValues(graph, names, { budgetBytes, dims: { N: 2 } });
  assert.deepEqual(groups(104), [['a', 'b', 'h', 'd']]);
  assert.deepEqual(groups(103), [['a', 'b', 'h'], ['d']]);
  assert.deepEqual(groups(71), [
    ['a', 'b'],
    ['h', 'd'],
  ]);
  assert.deepEqual(groups(40), [['a'], ['b', 'h'], ['d']]);
  assert.deepEqual(groups(39), [['a'], ['b'], ['h'], ['d']]);
});

test('a value that is too large or of unknown size stays alone', () => {
  assert.deepEqual(groupValues(graph, ['a', 'h', 'b'], { budgetBytes: 10, dims: { N: 2 } }), [
    ['a'],
    ['h'],
    ['b'],
  ]);
  assert.deepEqual(groupValues(graph, ['h', 'c', 'a'], { budgetBytes: 1e9, dims: { N: 2 } }), [
    ['h'],
    ['c'],
    ['a'],
  ]);
  // Without the size of N nothing is known.
  assert.deepEqual(groupValues(graph, ['a', 'h'], { budgetBytes: 1e9 }), [['a'], ['h']]);
});
