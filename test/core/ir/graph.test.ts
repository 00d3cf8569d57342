import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkGraph } from '../../../src/core/ir/check-graph.ts';
import { Graph } from '../../../src/core/ir/graph.ts';
import type { Node, Value } from '../../../src/core/ir/graph.ts';
import { sortNodes } from '../../../src/core/ir/sort-nodes.ts';

/** Adds nodes given as `name: inputs -> outputs`. */
function graphOf(inputs: string, outputs: string, ...nodes: readonly string[]): Graph {
  const graph = new Graph();
  const values = (names: string): Value[] =>
    names
      .split(' ')
      .filter(Boolean)
      .map((name) => graph.ensureValue(name));
  for (const value of values(inputs)) graph.addInput(value);
  for (const text of nodes) {
    const [, name = '', reads = '', makes = ''] = /^(\w+): (.*?) ?-> (.*)$/.exec(text) ?? [];
    graph.addNode({ name, opType: 'Op', inputs: values(reads), outputs: values(makes) });
  }
  for (const value of values(outputs)) graph.addOutput(value);
  return graph;
}
const names = (nodes: Iterable<Node>): string => [...nodes].map(({ name }) => name).join(' ');
const codes = (graph: Graph): string[] => checkGraph(graph).map(({ code }) => code);
function value(graph: Graph, name: string): Value {
  const found = graph.value(name);
  assert.ok(found);
  return found;
}
function node(graph: Graph, name: string): Node {
  const found = graph.node(name);
  assert.ok(found);
  return found;
}

test('producers and uses follow edits, and nodes keep their order', () => {
  const graph = graphOf('x', 'c', 'n1: x -> a', 'n2: a a -> b', 'n3: b -> c');
  assert.deepEqual(
    value(graph, 'a')
      .uses()
      .map(({ node: { name }, index }) => [name, index]),
    [
      ['n2', 0],
      ['n2', 1],
    ],
  );
  assert.equal(names(value(graph, 'a').consumers()), 'n2');
  const d = graph.ensureValue('d');
  const added = graph.addNode(
    { name: 'n4', opType: 'Op', inputs: [value(graph, 'a')], outputs: [d] },
    node(graph, 'n2'),
  );
  graph.replaceAllUses(value(graph, 'a'), d);
  // Its own read was replaced too.
  graph.setInput(added, 0, value(graph, 'a'));
  assert.equal(names(graph.nodes()), 'n1 n4 n2 n3');
  assert.equal(names(value(graph, 'd').consumers()), 'n2');
  assert.deepEqual(codes(graph), []);
  graph.removeNode(node(graph, 'n2'));
  graph.setInput(node(graph, 'n3'), 0, d);
  assert.equal(value(graph, 'b').producer(), null);
  graph.dropValue(value(graph, 'b'));
  assert.equal(graph.value('b'), undefined);
  assert.deepEqual(codes(graph), []);
});

test('a list of uses stays as it was while the graph is edited', () => {
  const graph = graphOf('x y', '', ...Array.from({ length: 100 }, (_, i) => `n${i}: x -> o${i}`));
  const before = value(graph, 'x').uses();
  let seen = 0;
  for (const { node: reader, index } of before) {
    graph.setInput(reader, index, value(graph, 'y'));
    seen++;
  }
  assert.deepEqual([seen, before.length, value(graph, 'x').useCount], [100, 100, 0]);
  assert.equal(names(value(graph, 'y').consumers()), names(graph.nodes()));
});

test('taking away the readers of a shared value one by one takes linear time', () => {
  const build = (count: number): Graph =>
    graphOf('s', '', ...Array.from({ length: count }, (_, i) => `n${i}: s -> o${i}`));
  const spend = (count: number): number => {
    const graph = build(count);
    const started = performance.now();
    for (const reader of graph.nodes()) graph.removeNode(reader);
    assert.equal(value(graph, 's').useCount, 0);
    return performance.now() - started;
  };
  spend(2000);
  // Quadratic work would take 100 times as long, and whole seconds.
  assert.ok(spend(40_000) < 2000);
});

test('a clone shares no structure with its original', () => {
  const graph = graphOf('x', 'b', 'n1: x -> a', 'n2: a -> b');
  const copy = graph.clone();
  assert.deepEqual(codes(copy), []);
  copy.removeNode(node(copy, 'n2'));
  copy.renameValue(value(copy, 'a'), 'z');
  assert.equal(names(graph.nodes()), 'n1 n2');
  assert.equal(value(graph, 'a').useCount, 1);
  assert.equal(value(copy, 'z').fileName, 'a');
  assert.notEqual(copy.inputs[0], graph.inputs[0]);
});

test('inputs beyond the end can be set, and names be found', () => {
  const graph = graphOf('x', 'a', 'n: x -> a');
  graph.setInput(node(graph, 'n'), 3, value(graph, 'x'));
  assert.deepEqual(
    node(graph, 'n').inputs.map((input) => input?.name),
    ['x', undefined, undefined, 'x'],
  );
  assert.equal(graph.freshName('x'), 'x_2');
  assert.equal(graph.freshName('n'), 'n_2');
  assert.equal(graph.freshName('free'), 'free');
  graph.replaceOutput(value(graph, 'a'), value(graph, 'x'));
  assert.deepEqual(
    [value(graph, 'a').isGraphOutput, value(graph, 'x').isGraphOutput],
    [false, true],
  );
  graph.setOutput(node(graph, 'n'), 0, graph.ensureValue('b'));
  assert.equal(value(graph, 'a').producer(), null);
  assert.equal(value(graph, 'b').producer(), node(graph, 'n'));
});

test('nodes sort stably, deep graphs without recursion, cycles last and named', () => {
  const graph = graphOf('x', '', 'n3: b -> c', 'n1: x -> a', 'n2: a -> b', 'n4: x -> d');
  assert.equal(names(graph.sortedNodes()), 'n1 n2 n3 n4');
  const deep = graphOf(
    'v0',
    '',
    ...Array.from({ length: 50_000 }, (_, i) => `n${50_000 - i}: v${49_999 - i} -> v${50_000 - i}`),
  );
  assert.equal(deep.sortedNodes()[0]?.name, 'n1');
  const cyclic = graphOf('x', '', 'a: x r -> p', 'b: p -> q', 'c: q -> r', 'd: x -> s');
  assert.deepEqual(sortNodes(cyclic).cycle, ['b', 'c', 'a']);
  assert.equal(sortNodes(cyclic).nodes.length, 4);
  assert.deepEqual(codes(cyclic), ['onnx/cycle']);
  assert.deepEqual(sortNodes(graphOf('x', '', 'a: x p -> p')).cycle, ['a']);
});

test('the checker finds what edits behind its back break', () => {
  const graph = graphOf('x', 'b', 'n1: x -> a', 'n2: a -> b');
  value(graph, 'a').producerNode = null;
  assert.deepEqual(codes(graph), ['onnx/missing-input', 'ir/inconsistent']);
  const second = graphOf('x', 'b', 'n1: x -> a', 'n2: a -> b');
  node(second, 'n2').inputList[0] = value(second, 'x');
  assert.ok(codes(second).includes('ir/inconsistent'));
  assert.deepEqual(codes(graphOf('x', 'nobody', 'n1: x -> a')), ['onnx/missing-input']);
});
