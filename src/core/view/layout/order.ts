import type { Adjacency } from './adjacency.ts';
import type { ProperGraph } from './proper-graph.ts';

const SWEEPS = 8;

/** Items of each layer from left to right. */
export type Layers = readonly Int32Array[];

/** Orders the layers for few crossings: a walk by depth, then barycentre sweeps of which the best is kept. */
export function orderLayers(graph: ProperGraph): Layers {
  const layers = firstOrder(graph);
  const position = new Int32Array(graph.itemCount);
  for (const layer of layers) layer.forEach((item, i) => (position[item] = i));
  let best = layers.map((layer) => layer.slice());
  let fewest = countCrossings(graph, layers, position);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
    const down = sweep % 2 === 0;
    for (let k = 1; k < layers.length; k++) {
      sortLayer(graph, layers[down ? k : layers.length - 1 - k]!, position, down);
    }
    const crossings = countCrossings(graph, layers, position);
    if (crossings < fewest) {
      fewest = crossings;
      best = layers.map((layer) => layer.slice());
    }
  }
  return best;
}

/** Order in which a walk by depth from the top first meets the items: branches stay together. */
function firstOrder(graph: ProperGraph): Int32Array[] {
  const { down, up, rank, itemCount } = graph;
  const layers: number[][] = Array.from({ length: graph.rankCount }, () => []);
  const seen = new Uint8Array(itemCount);
  const stack: number[] = [];
  const walk = (root: number): void => {
    stack.push(root);
    while (stack.length > 0) {
      const v = stack.pop()!;
      if (seen[v] === 1) continue;
      seen[v] = 1;
      layers[rank[v]!]!.push(v);
      for (let i = down.start[v + 1]! - 1; i >= down.start[v]!; i--) {
        stack.push(graph.segmentHead[down.list[i]!]!);
      }
    }
  };
  for (let v = 0; v < itemCount; v++) if (up.start[v] === up.start[v + 1]) walk(v);
  return layers.map((layer) => Int32Array.from(layer));
}

/** Sorts one layer by the mean position of each item's neighbours above (`down` sweeps) or below. */
function sortLayer(
  graph: ProperGraph,
  layer: Int32Array,
  position: Int32Array,
  down: boolean,
): void {
  const adjacency = down ? graph.up : graph.down;
  const other = down ? graph.segmentTail : graph.segmentHead;
  const keys = new Float64Array(layer.length);
  layer.forEach((item, i) => (keys[i] = meanPosition(item, adjacency, other, position)));
  // Insertion sort: layers are short and nearly sorted, and it is stable.
  for (let i = 1; i < layer.length; i++) {
    const item = layer[i]!;
    const key = keys[i]!;
    let j = i - 1;
    for (; j >= 0 && keys[j]! > key; j--) {
      layer[j + 1] = layer[j]!;
      keys[j + 1] = keys[j]!;
    }
    layer[j + 1] = item;
    keys[j + 1] = key;
  }
  layer.forEach((item, i) => (position[item] = i));
}

function meanPosition(
  item: number,
  adjacency: Adjacency,
  other: Int32Array,
  position: Int32Array,
): number {
  const from = adjacency.start[item]!;
  const to = adjacency.start[item + 1]!;
  if (from === to) return position[item]!;
  let sum = 0;
  for (let i = from; i < to; i++) sum += position[other[adjacency.list[i]!]!]!;
  return sum / (to - from);
}

/** Number of segment pairs that cross, counted layer by layer with a Fenwick tree. */
function countCrossings(graph: ProperGraph, layers: Layers, position: Int32Array): number {
  let crossings = 0;
  for (let r = 0; r + 1 < layers.length; r++) {
    const size = layers[r + 1]!.length;
    const tree = new Int32Array(size + 1);
    let placed = 0;
    for (const item of layers[r]!) {
      const from = graph.down.start[item]!;
      const to = graph.down.start[item + 1]!;
      for (let i = from; i < to; i++) {
        const at = position[graph.segmentHead[graph.down.list[i]!]!]!;
        let before = 0;
        for (let k = at + 1; k > 0; k -= k & -k) before += tree[k]!;
        crossings += placed - before;
      }
      for (let i = from; i < to; i++) {
        const at = position[graph.segmentHead[graph.down.list[i]!]!]!;
        for (let k = at + 1; k <= size; k += k & -k) tree[k] = tree[k]! + 1;
        placed++;
      }
    }
  }
  return crossings;
}
