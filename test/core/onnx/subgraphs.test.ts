import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Graph } from '../../../src/core/ir/graph.ts';
import { checkGraph } from '../../../src/core/ir/check-graph.ts';
import { openBytes, saveBytes } from './open-bytes.ts';
import { field, infoOf, integer, join, modelOf, nodeOf, tensorOf } from './wire-builder.ts';

const graphAttribute = (name: string, ...graph: readonly Uint8Array[]): Uint8Array =>
  field(5, field(1, name), field(6, ...graph), integer(20, 5));
const attributeGraph = (graph: Graph, node: string, name: string): Graph => {
  const attribute = graph.node(node)?.attributes.get(name);
  assert.ok(attribute?.type === 'graph');
  return attribute.value;
};

const THEN = [nodeOf('Relu', ['a'], ['t'], field(3, 'inner')), infoOf(12, 't'), field(999, 'kept')];
const INNER = [nodeOf('Add', ['w', 't0'], ['o']), infoOf(12, 'o')];
const ELSE = [
  nodeOf('Abs', ['x'], ['t0']),
  nodeOf('Loop', ['', 'c'], ['e'], graphAttribute('body', ...INNER)),
  infoOf(12, 'e'),
];
const MODEL = modelOf(
  nodeOf(
    'If',
    ['c'],
    ['y'],
    field(3, 'if'),
    graphAttribute('then_branch', ...THEN),
    graphAttribute('else_branch', ...ELSE),
  ),
  nodeOf('Neg', ['x'], ['a'], field(3, 'neg')),
  tensorOf('w', 1, [1], field(9, Uint8Array.of(0, 0, 0, 0))),
  infoOf(11, 'x'),
  infoOf(11, 'c'),
  infoOf(12, 'y'),
);

test('what subgraphs read from outside counts as used, through all levels', async () => {
  const { model, diagnostics } = await openBytes(MODEL);
  const { graph } = model;
  const captured = graph.node('if')?.captures.map(({ name }) => name);
  assert.deepEqual(captured?.sort(), ['a', 'c', 'w', 'x']);
  assert.deepEqual(
    graph
      .value('w')
      ?.uses()
      .map(({ node, index }) => [node.name, index]),
    [['if', -1]],
  );
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    ['onnx/out-of-order'],
  );
  assert.deepEqual(
    graph.sortedNodes().map(({ name }) => name),
    ['neg', 'if'],
  );
  assert.deepEqual(
    checkGraph(graph).map(({ code }) => code),
    ['onnx/out-of-order'],
  );
  const inner = attributeGraph(attributeGraph(graph, 'if', 'else_branch'), 'node_of_e', 'body');
  assert.deepEqual(
    [...inner.nodes()].map(({ opType }) => opType),
    ['Add'],
  );
  assert.deepEqual(await saveBytes(model), MODEL);
});

test('a changed subgraph is written anew around what is unchanged', async () => {
  const { model } = await openBytes(MODEL);
  const then = attributeGraph(model.graph, 'if', 'then_branch');
  const inner = then.node('inner');
  assert.ok(inner);
  inner.setAttributes(new Map([['k', { name: 'k', type: 'int', value: 1n }]]));
  const changed = nodeOf(
    'Relu',
    ['a'],
    ['t'],
    field(3, 'inner'),
    field(5, field(1, 'k'), integer(3, 1), integer(20, 2)),
  );
  const thenNow = [changed, infoOf(12, 't'), field(999, 'kept')];
  const saved = Buffer.from(await saveBytes(model));
  assert.ok(saved.includes(Buffer.from(join(...thenNow))));
  assert.ok(saved.includes(Buffer.from(graphAttribute('else_branch', ...ELSE))));
  const again = await openBytes(saved);
  assert.equal(
    attributeGraph(again.model.graph, 'if', 'then_branch').node('inner')?.attributes.size,
    1,
  );
});

test('a value that only a subgraph reads keeps its producer in use', async () => {
  const { model } = await openBytes(MODEL);
  const { graph } = model;
  const a = graph.value('a');
  const x = graph.value('x');
  assert.ok(a && x);
  graph.replaceAllUses(a, x);
  assert.equal(a.useCount, 1);
  assert.equal(a.consumers()[0]?.name, 'if');
});

test('functions are shown with their nodes and saved as they are', async () => {
  const body = [
    field(4, 'p'),
    field(5, 'q'),
    field(
      7,
      field(1, 'p'),
      field(2, 'm'),
      field(4, 'Relu'),
      field(5, field(1, 'alpha'), field(21, 'outer'), integer(20, 1)),
    ),
    field(7, field(1, 'm'), field(2, 'q'), field(4, 'Neg')),
  ];
  const withFunction = join(
    modelOf(nodeOf('Twice', ['x'], ['y'], field(7, 'local')), infoOf(11, 'x'), infoOf(12, 'y')),
    field(
      25,
      field(1, 'Twice'),
      ...body,
      field(9, integer(2, 21)),
      field(10, 'local'),
      field(13, 'overload'),
    ),
  );
  const { model } = await openBytes(withFunction);
  assert.deepEqual(
    model.functions.map(({ name, domain, nodeCount }) => [name, domain, nodeCount]),
    [['Twice', 'local', 2]],
  );
  const [made] = model.functions;
  assert.deepEqual(
    [...(made?.body?.nodes() ?? [])].map(({ opType }) => opType),
    ['Relu', 'Neg'],
  );
  assert.equal(model.graph.node('node_of_y')?.domain, 'local');
  assert.deepEqual(await saveBytes(model), withFunction);
});

test('initializers that are listed as inputs are constants, not inputs', async () => {
  const old = modelOf(
    nodeOf('Add', ['x', 'w'], ['y']),
    tensorOf('w', 1, [1], field(9, Uint8Array.of(0, 0, 0, 0))),
    infoOf(11, 'w'),
    infoOf(11, 'x'),
    infoOf(12, 'y'),
  );
  const { model } = await openBytes(old);
  assert.deepEqual(
    model.graph.inputs.map(({ name }) => name),
    ['x'],
  );
  assert.deepEqual(await saveBytes(model), old);
  const [add] = model.graph.nodes();
  const [w, x] = ['w', 'x'].map((name) => model.graph.value(name));
  assert.ok(add && w && x);
  model.graph.setInput(add, 1, x);
  model.graph.removeInitializer(w);
  assert.deepEqual(
    await saveBytes(model),
    modelOf(nodeOf('Add', ['x', 'x'], ['y']), infoOf(11, 'x'), infoOf(12, 'y')),
  );
});

test('sparse initializers are constants without dense data', async () => {
  const sparse = field(
    15,
    field(1, integer(1, 1), integer(2, 1), field(8, 's'), field(9, Uint8Array.of(0, 0, 128, 63))),
    integer(3, 10),
  );
  const bytes = modelOf(nodeOf('Add', ['x', 's'], ['y']), sparse, infoOf(11, 'x'), infoOf(12, 'y'));
  const { model } = await openBytes(bytes);
  const tensor = model.graph.value('s')?.tensor;
  assert.deepEqual(
    [tensor?.dataType, tensor?.dims, tensor?.bytes.resident()],
    ['float32', [10], undefined],
  );
  assert.deepEqual(await saveBytes(model), bytes);
});
