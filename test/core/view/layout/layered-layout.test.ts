import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layeredLayout } from '../../../../src/core/view/layout/layered-layout.ts';
import type { Layout, LayoutGraph } from '../../../../src/core/view/layout/layout-graph.ts';
import { randomGraph, residualChain } from './random-graph.ts';

const line = (from: number, to: number) => ({ from, to, net: from, slot: 14, headroom: 0 });
const boxes = (count: number) => Array.from({ length: count }, () => ({ width: 100, height: 40 }));

interface Rect {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const rect = (graph: LayoutGraph, layout: Layout, box: number): Rect => {
  const { width, height } = graph.boxes[box]!;
  const [x, y] = [layout.x[box]!, layout.y[box]!];
  return { left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 };
};

const meet = (a: Rect, b: Rect): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

function checkBoxes(graph: LayoutGraph, layout: Layout): void {
  const rects = graph.boxes.map((_, i) => rect(graph, layout, i));
  const order = rects.map((_, i) => i).sort((a, b) => rects[a]!.top - rects[b]!.top);
  order.forEach((a, k) => {
    const one = rects[a]!;
    assert.ok(one.left >= 0 && one.right <= layout.width, `box ${a} is inside in x`);
    assert.ok(one.top >= 0 && one.bottom <= layout.height, `box ${a} is inside in y`);
    for (let j = k + 1; j < order.length && rects[order[j]!]!.top < one.bottom; j++) {
      assert.ok(!meet(one, rects[order[j]!]!), `boxes ${a} and ${order[j]!} overlap`);
    }
  });
}

/** Edges start and end at their boxes, run down only, and pass through no other box. */
function checkRoutes(graph: LayoutGraph, layout: Layout): void {
  const rects = graph.boxes.map((_, i) => rect(graph, layout, i));
  graph.edges.forEach((edge, e) => {
    const points = layout.routes[e]!;
    const [from, to] = [rects[edge.from]!, rects[edge.to]!];
    assert.equal(points[1], from.bottom, `edge ${e} leaves at the lower side`);
    assert.equal(points.at(-1), to.top, `edge ${e} enters at the upper side`);
    assert.ok(points[0]! >= from.left && points[0]! <= from.right, `edge ${e} leaves its box`);
    assert.ok(points.at(-2)! >= to.left && points.at(-2)! <= to.right, `edge ${e} enters its box`);
    for (let i = 2; i < points.length; i += 2) {
      const [x0, y0, x1, y1] = [points[i - 2]!, points[i - 1]!, points[i]!, points[i + 1]!];
      assert.ok(y1 >= y0, `edge ${e} runs down`);
      const piece = {
        left: Math.min(x0, x1),
        right: Math.max(x0, x1) + 1e-9,
        top: y0,
        bottom: y1,
      };
      const hit = rects.findIndex((box, b) => b !== edge.from && b !== edge.to && meet(piece, box));
      assert.equal(hit, -1, `edge ${e} runs through box ${hit}`);
    }
    const last = points.length - 2;
    const straight = points[last - 2] === points[last] || edge.headroom === 0;
    assert.ok(straight, `badges of edge ${e} stand on a vertical piece`);
  });
}

for (const [count, seed] of [
  [2, 1],
  [12, 2],
  [60, 3],
  [60, 4],
  [200, 5],
  [400, 6],
] as const) {
  test(`boxes and edges keep apart in a random graph of ${count} (seed ${seed})`, () => {
    const graph = randomGraph(count, seed);
    const layout = layeredLayout(graph);
    checkBoxes(graph, layout);
    checkRoutes(graph, layout);
  });
}

test('the same graph gives the same drawing', () => {
  const graph = randomGraph(150, 7);
  assert.deepEqual(layeredLayout(graph), layeredLayout(graph));
});

test('a residual chain keeps its spine straight', () => {
  const graph = residualChain(41);
  const layout = layeredLayout(graph);
  assert.equal(new Set(layout.x).size, 1);
  checkRoutes(graph, layout);
});

test('10,000 boxes are laid out without overflow and without overlap', () => {
  const graph = residualChain(10_000);
  const start = performance.now();
  const layout = layeredLayout(graph);
  const ms = performance.now() - start;
  checkBoxes(graph, layout);
  // Measured 0.2 s; the limit leaves room for a busy machine and still catches quadratic time.
  assert.ok(ms < 4000, `took ${ms.toFixed(0)} ms`);
});

test('chains of different lengths meet where the longest one ends', () => {
  const graph = {
    boxes: boxes(5),
    edges: [line(0, 1), line(1, 2), line(2, 4), line(0, 3), line(3, 4)],
  };
  const { y } = layeredLayout(graph);
  assert.ok(y[0]! < y[1]! && y[1]! < y[2]! && y[2]! < y[4]!);
  assert.ok(y[3]! > y[0]! && y[3]! < y[4]!);
});

test('an input that is read late is drawn just above its reader, with the chain that hangs on it', () => {
  const edges = [line(0, 1), line(1, 2), line(2, 3), line(3, 4), line(5, 6), line(6, 4)];
  const { y } = layeredLayout({ boxes: boxes(7), edges });
  assert.equal(y[6], y[3]);
  assert.equal(y[5], y[2]);
});

test('cycles are drawn: one of their edges runs upwards', () => {
  const graph = { boxes: boxes(3), edges: [line(0, 1), line(1, 2), line(2, 0)] };
  const layout = layeredLayout(graph);
  checkBoxes(graph, layout);
  const upwards = layout.routes.filter((points) => points.at(-1)! < points[1]!);
  assert.equal(upwards.length, 1);
  assert.ok(layout.routes.flat().every(Number.isFinite));
});

test('an edge from a box to itself has no route and harms nothing', () => {
  const layout = layeredLayout({ boxes: boxes(2), edges: [line(0, 0), line(0, 1)] });
  assert.deepEqual(layout.routes[0], []);
  assert.ok(layout.routes[1]!.length >= 4);
});

test('parts without a connection, and boxes without edges, stand apart', () => {
  const edges = [line(0, 1), line(2, 3), line(3, 4)];
  const graph = { boxes: boxes(40), edges };
  const layout = layeredLayout(graph);
  checkBoxes(graph, layout);
  checkRoutes(graph, layout);
  assert.ok(layout.width < 1600, 'small parts are wrapped');
});

test('nothing gives an empty drawing', () => {
  const layout = layeredLayout({ boxes: [], edges: [] });
  assert.equal(layout.x.length, 0);
  assert.ok(Number.isFinite(layout.width) && Number.isFinite(layout.height));
});

test('edges of one net share their way down', () => {
  const edges = [line(0, 1), line(1, 2), line(2, 3), line(3, 4), line(0, 3), line(0, 4)];
  const layout = layeredLayout({ boxes: boxes(5), edges });
  const lanes = layout.routes.slice(4).map((points) => points[4]);
  assert.equal(lanes[0], lanes[1]);
});

test('edges too long to be cut into pieces are still drawn from box to box', () => {
  const count = 1200;
  const graph = residualChain(count);
  const edges = [...graph.edges];
  for (let from = 0; from + 600 < count; from++) edges.push(line(from, from + 600));
  const layout = layeredLayout({ boxes: graph.boxes, edges });
  checkBoxes(graph, layout);
  edges.forEach((edge, e) => {
    const points = layout.routes[e]!;
    assert.equal(points[1], rect(graph, layout, edge.from).bottom);
    assert.equal(points.at(-1), rect(graph, layout, edge.to).top);
  });
});
