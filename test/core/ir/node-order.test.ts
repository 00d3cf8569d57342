import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Graph } from '../../../src/core/ir/graph.ts';
import type { Node } from '../../../src/core/ir/graph.ts';
import { precedes } from '../../../src/core/ir/node-order.ts';

test('of two nodes the one that stands first precedes, wherever they stand', () => {
  const graph = new Graph();
  const add = (name: string): Node =>
    graph.addNode({ name, opType: 'Relu', inputs: [], outputs: [] }, null);
  const nodes = ['a', 'b', 'c', 'd', 'e'].map(add);
  for (const [i, node] of nodes.entries())
    for (const [k, other] of nodes.entries())
      assert.equal(precedes(node, other), i < k, `${node.name} ${other.name}`);
});

test('a node of another graph, or none, is preceded by nobody', () => {
  const [one, two] = [new Graph(), new Graph()].map((graph) =>
    graph.addNode({ name: 'a', opType: 'Relu', inputs: [], outputs: [] }, null),
  );
  assert.ok(one && two);
  assert.equal(precedes(one, two), false);
  assert.equal(precedes(one, undefined), false);
});
