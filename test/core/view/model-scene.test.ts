import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Model } from '../../../src/core/ir/model.ts';
import { buildModelScene } from '../../../src/core/view/model-scene.ts';
import type { Scene, SceneBox } from '../../../src/core/view/scene.ts';
import { textModel } from './text-model.ts';

const box = (scene: Scene, id: string): SceneBox => {
  const found = scene.boxes.find((candidate) => candidate.id === id);
  assert.ok(found, `box ${id}; there are ${scene.boxes.map((b) => b.id).join(', ')}`);
  return found;
};

/** `a -Q·DQ-> b` for each edge, sorted. */
const edges = (scene: Scene): string[] =>
  scene.edges
    .map(({ from, to, badges }) => `${from} -${badges.map((b) => `${b.text}-`).join('')}> ${to}`)
    .sort();

function checkAllPlaced(model: Model, scene: Scene): void {
  const placed = [
    ...scene.boxes.flatMap((b) => b.nodes),
    ...scene.edges.flatMap((edge) => edge.badges.flatMap((badge) => badge.nodes)),
  ].sort();
  assert.deepEqual(placed, [...model.graph.nodes()].map((node) => node.name).sort());
}

const SCALES = 'float s = {0.5}, int8 z = {0}';

test('quantizers of activations are badges, those of weights belong to their reader', () => {
  const model = textModel(`g (float[1, 3, 8, 8] x) => (float[1, 4, 8, 8] y)
    <${SCALES}, float[4, 3, 1, 1] w = {1 ...}> {
      [q] xq = QuantizeLinear (x, s, z)
      [dq] xd = DequantizeLinear (xq, s, z)
      [wq] w1 = QuantizeLinear <axis = 0> (w, s, z)
      [wdq] w2 = DequantizeLinear <axis = 0> (w1, s, z)
      ["/block/conv/Conv"] c = Conv <kernel_shape = [1, 1], strides = [2, 2]> (xd, w2)
      ["/block/relu/Relu"] y = Relu (c)
    }`);
  const scene = buildModelScene(model);
  checkAllPlaced(model, scene);
  assert.deepEqual(edges(scene), [
    '/block/conv/Conv -> /block/relu/Relu',
    '/block/relu/Relu -> io:y',
    'io:x -Q·DQ-> /block/conv/Conv',
  ]);
  const conv = box(scene, '/block/conv/Conv');
  assert.deepEqual(conv.nodes, ['/block/conv/Conv', 'wq', 'wdq']);
  assert.equal(conv.title, 'Conv 1×1 s2');
  assert.equal(conv.path, '/block');
  const badge = scene.edges.find((edge) => edge.from === 'io:x')!.badges[0]!;
  assert.deepEqual(badge.nodes, ['q', 'dq']);
  assert.equal(badge.scale, '0.5');
});

test('a badge stands on the last, vertical piece of its edge, above the box', () => {
  const model = textModel(`g (float[4] x) => (float[4] y) <${SCALES}> {
    [a] a = Relu (x)
    [q] aq = QuantizeLinear (a, s, z)
    [dq] ad = DequantizeLinear (aq, s, z)
    [b] y = Relu (ad)
  }`);
  const scene = buildModelScene(model);
  const edge = scene.edges.find(({ to }) => to === 'b')!;
  const badge = edge.badges[0]!;
  assert.equal(badge.x, edge.points.at(-2));
  const [above, below] = [box(scene, 'a'), box(scene, 'b')];
  assert.ok(badge.y - 8 > above.y + above.height / 2);
  assert.ok(badge.y + 8 < below.y - below.height / 2);
});

test('a Q that leaves the graph and a DQ that enters it are badges of their own', () => {
  const model = textModel(`g (int8[4] x) => (int8[4] y) <${SCALES}> {
    [dq] a = DequantizeLinear (x, s, z)
    [relu] b = Relu (a)
    [q] y = QuantizeLinear (b, s, z)
  }`);
  const scene = buildModelScene(model);
  checkAllPlaced(model, scene);
  assert.deepEqual(edges(scene), ['io:x -DQ-> relu', 'relu -Q-> io:y']);
});

test('a quantizer read by several boxes is a small box where their edges part', () => {
  const model = textModel(`g (float[4] x) => (float[4] y, float[4] u) <${SCALES}> {
    [q] a = QuantizeLinear (x, s, z)
    [dq] b = DequantizeLinear (a, s, z)
    [left] y = Relu (b)
    [right] u = Neg (b)
  }`);
  const scene = buildModelScene(model);
  checkAllPlaced(model, scene);
  assert.deepEqual(edges(scene), [
    'dq -> left',
    'dq -> right',
    'io:x -> dq',
    'left -> io:y',
    'right -> io:u',
  ]);
  const hub = box(scene, 'dq');
  assert.equal(hub.kind, 'badge');
  assert.equal(hub.title, 'Q·DQ');
  assert.equal(hub.subtitle, '0.5');
});

test('one Q with a DQ for each reader keeps the DQs on their edges', () => {
  const model = textModel(`g (float[4] x) => (float[4] y, float[4] u) <${SCALES}> {
    [q] a = QuantizeLinear (x, s, z)
    [dq1] b1 = DequantizeLinear (a, s, z)
    [dq2] b2 = DequantizeLinear (a, s, z)
    [left] y = Relu (b1)
    [right] u = Neg (b2)
  }`);
  const scene = buildModelScene(model);
  checkAllPlaced(model, scene);
  assert.equal(box(scene, 'q').title, 'Q');
  assert.ok(edges(scene).includes('q -DQ-> left'));
  assert.ok(edges(scene).includes('q -DQ-> right'));
});

test('requantization shows as two badges on one edge', () => {
  const model = textModel(`g (float[4] x) => (float[4] y) <${SCALES}> {
    [q1] a = QuantizeLinear (x, s, z)
    [dq1] b = DequantizeLinear (a, s, z)
    [q2] c = QuantizeLinear (b, s, z)
    [dq2] d = DequantizeLinear (c, s, z)
    [relu] y = Relu (d)
  }`);
  const scene = buildModelScene(model);
  checkAllPlaced(model, scene);
  assert.ok(edges(scene).includes('io:x -Q·DQ-Q·DQ-> relu'));
  const [first, second] = scene.edges.find(({ to }) => to === 'relu')!.badges;
  assert.ok(first!.y + 16 <= second!.y, 'badges do not overlap');
});

test('a reader of both sides of a quantizer loses none of them', () => {
  const model = textModel(`g (float[4] x) => (float[4] y) <${SCALES}> {
    [q] a = QuantizeLinear (x, s, z)
    [dq] b = DequantizeLinear (a, s, z)
    [mul] y = Mul (b, b)
  }`);
  const scene = buildModelScene(model);
  checkAllPlaced(model, scene);
  assert.deepEqual(edges(scene), ['io:x -Q·DQ-> mul', 'mul -> io:y']);
});

test('a quantizer whose scale is computed is a box', () => {
  const model = textModel(`g (float[4] x, float s) => (float[4] y) <int8 z = {0}> {
    [q] a = QuantizeLinear (x, s, z)
    [dq] y = DequantizeLinear (a, s, z)
  }`);
  const scene = buildModelScene(model);
  checkAllPlaced(model, scene);
  assert.equal(box(scene, 'q').kind, 'qdq');
  assert.ok(edges(scene).includes('io:s -> q'));
});

test('constants are hidden with who reads them; those that leave the graph are shown', () => {
  const model = textModel(`g (float[4] x) => (float[4] y, float[4] k) <float[4] w = {1 ...}> {
    [c] c = Constant <value = float[4] {2 ...}> ()
    [neg] n = Neg (c)
    [add] a = Add (x, n)
    [mul] y = Mul (a, n)
    [twice] k = Add (w, w)
  }`);
  const scene = buildModelScene(model);
  checkAllPlaced(model, scene);
  assert.deepEqual(box(scene, 'add').nodes, ['add', 'c', 'neg']);
  assert.equal(box(scene, 'twice').kind, 'constant');
  assert.deepEqual(edges(scene), ['add -> mul', 'io:x -> add', 'mul -> io:y', 'twice -> io:k']);
});

test('shape arithmetic is marked as such', () => {
  const model = textModel(`g (float[N, 4] x) => (float[M] y) <int64[1] minus = {-1}> {
    [shape] s = Shape (x)
    [cast] t = Cast <to = 7> (s)
    [reshape] y = Reshape (x, minus)
    [out] u = Reshape (y, t)
  }`);
  const kinds = buildModelScene(model).boxes.map((b) => `${b.id} ${b.kind}`);
  assert.ok(kinds.includes('shape shape') && kinds.includes('cast shape'));
  assert.ok(kinds.includes('reshape compute'));
});

test('an input that is an output too has two boxes', () => {
  const model = textModel('g (float[4] x) => (float[4] x, float[4] y) { [r] y = Relu (x) }');
  const scene = buildModelScene(model);
  assert.deepEqual(edges(scene), ['io:x -> io:x (output)', 'io:x -> r', 'r -> io:y']);
});

const TWO_BLOCKS = `g (float[4] x) => (float[4] y) <${SCALES}> {
  ["/a/b1/fc/Neg"] n1 = Neg (x)
  [q1] c1 = QuantizeLinear (n1, s, z)
  [dq1] d1 = DequantizeLinear (c1, s, z)
  ["/a/b1/relu/Relu"] r1 = Relu (d1)
  [q2] c2 = QuantizeLinear (r1, s, z)
  [dq2] d2 = DequantizeLinear (c2, s, z)
  ["/a/b2/fc/Neg"] n2 = Neg (d2)
  ["/a/b2/relu/Relu"] y = Relu (n2)
}`;

test('a folded module is one box that holds its nodes and the badges inside it', () => {
  const model = textModel(TWO_BLOCKS);
  const scene = buildModelScene(model, { folded: new Set(['/a/b1']) });
  checkAllPlaced(model, scene);
  assert.deepEqual(edges(scene), [
    '/a/b2/fc/Neg -> /a/b2/relu/Relu',
    '/a/b2/relu/Relu -> io:y',
    'fold:/a/b1 -Q·DQ-> /a/b2/fc/Neg',
    'io:x -> fold:/a/b1',
  ]);
  const fold = box(scene, 'fold:/a/b1');
  assert.equal(fold.kind, 'fold');
  assert.equal(fold.subtitle, 'Neg, Relu');
  assert.deepEqual([...fold.nodes].sort(), ['/a/b1/fc/Neg', '/a/b1/relu/Relu', 'dq1', 'q1']);
});

test('of nested folds the outer one counts, and unknown paths change nothing', () => {
  const model = textModel(TWO_BLOCKS);
  const outer = buildModelScene(model, { folded: new Set(['/a/b1', '/a']) });
  checkAllPlaced(model, outer);
  assert.deepEqual(edges(outer), ['fold:/a -> io:y', 'io:x -> fold:/a']);
  const none = buildModelScene(model, { folded: new Set(['/no/such']) });
  assert.deepEqual(none, buildModelScene(model));
});

test('folding may close a cycle; it is drawn all the same', () => {
  const model = textModel(`g (float[4] x) => (float[4] y) {
    ["/a/Neg"] n = Neg (x)
    ["/b/Abs"] m = Abs (n)
    ["/a/Add"] y = Add (n, m)
  }`);
  const scene = buildModelScene(model, { folded: new Set(['/a']) });
  checkAllPlaced(model, scene);
  assert.deepEqual(edges(scene), [
    '/b/Abs -> fold:/a',
    'fold:/a -> /b/Abs',
    'fold:/a -> io:y',
    'io:x -> fold:/a',
  ]);
});

test('a chain of 10,000 nodes with a quantizer pair after each is drawn', () => {
  const lines: string[] = [];
  for (let i = 0; i < 10_000; i++) {
    const from = i === 0 ? 'x' : `d${i - 1}`;
    lines.push(`["/l${i}/Relu"] r${i} = Relu (${from})`);
    lines.push(`q${i} = QuantizeLinear (r${i}, s, z)`, `d${i} = DequantizeLinear (q${i}, s, z)`);
  }
  const model = textModel(`g (float[4] x) => (float[4] d9999) <${SCALES}> { ${lines.join('\n')} }`);
  const scene = buildModelScene(model);
  checkAllPlaced(model, scene);
  assert.equal(scene.boxes.length, 10_002);
  assert.equal(new Set(scene.boxes.map(({ x }) => x)).size, 1);
});
