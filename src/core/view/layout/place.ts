import type { Part } from './layout-graph.ts';
import { leastDistance } from './least-distance.ts';
import type { Layers } from './order.ts';
import type { ProperGraph } from './proper-graph.ts';
import { spread } from './spread.ts';
import { straightenChains } from './straighten.ts';

const SWEEPS = 12;
/** Weight that holds the spine in place against any number of neighbours. */
const PINNED = 1e9;

/**
 * Centres of all items in x. The spine stays at 0; everything else is drawn towards its neighbours, long edges
 * hardest, so that they run straight.
 */
export function placeItems(
  part: Part,
  graph: ProperGraph,
  layers: Layers,
  spine: readonly number[],
): Float64Array {
  const x = new Float64Array(graph.itemCount);
  const pinned = new Uint8Array(graph.itemCount);
  for (const box of spine) pinned[box] = 1;
  const placer = new Placer(part, graph, x, pinned);
  for (const layer of layers) placer.start(layer);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const last = sweep >= SWEEPS - 2;
    for (let k = 0; k < layers.length; k++) {
      const layer = layers[sweep % 2 === 0 ? k : layers.length - 1 - k]!;
      if (layer.length > 1 || pinned[layer[0]!] === 0) {
        placer.settle(layer, last || sweep % 2 === 0, last || sweep % 2 === 1);
      }
    }
  }
  // Whole numbers: what hangs on a pinned box is off by a billionth, and would count as a bend.
  for (let item = 0; item < x.length; item++) x[item] = Math.round(x[item]!);
  straightenChains(part, graph, layers, x);
  return x;
}

class Placer {
  private readonly part: Part;
  private readonly graph: ProperGraph;
  private readonly x: Float64Array;
  private readonly pinned: Uint8Array;

  constructor(part: Part, graph: ProperGraph, x: Float64Array, pinned: Uint8Array) {
    this.part = part;
    this.graph = graph;
    this.x = x;
    this.pinned = pinned;
  }

  /** Packs a layer side by side around its pinned item. */
  start(layer: Int32Array): void {
    const gaps = this.gaps(layer);
    let at = 0;
    let zero = 0;
    layer.forEach((item, i) => {
      this.x[item] = at;
      if (this.pinned[item] === 1) zero = at;
      at += gaps[i] ?? 0;
    });
    for (const item of layer) this.x[item] = this.x[item]! - zero;
  }

  /** Moves the items of a layer towards their neighbours above and below. */
  settle(layer: Int32Array, above: boolean, below: boolean): void {
    const count = layer.length;
    const desired = new Float64Array(count);
    const weights = new Float64Array(count);
    layer.forEach((item, i) => {
      const pull = { sum: 0, weight: 0 };
      if (above) this.pull(item, true, pull);
      if (below) this.pull(item, false, pull);
      const free = pull.weight === 0;
      desired[i] = this.pinned[item] === 1 ? 0 : free ? this.x[item]! : pull.sum / pull.weight;
      weights[i] = this.pinned[item] === 1 ? PINNED : free ? 0.01 : pull.weight;
    });
    spread(desired, weights, this.gaps(layer), count);
    layer.forEach((item, i) => (this.x[item] = desired[i]!));
  }

  private pull(item: number, up: boolean, pull: { sum: number; weight: number }): void {
    const { graph } = this;
    const adjacency = up ? graph.up : graph.down;
    const other = up ? graph.segmentTail : graph.segmentHead;
    for (let i = adjacency.start[item]!; i < adjacency.start[item + 1]!; i++) {
      const neighbour = other[adjacency.list[i]!]!;
      const dummies = Number(item >= graph.boxCount) + Number(neighbour >= graph.boxCount);
      const weight = dummies === 2 ? 8 : dummies + 1;
      pull.sum += weight * this.x[neighbour]!;
      pull.weight += weight;
    }
  }

  /** Least distances between the centres of neighbours in a layer. */
  private gaps(layer: Int32Array): Float64Array {
    const gaps = new Float64Array(layer.length);
    for (let i = 0; i + 1 < layer.length; i++) {
      gaps[i] = leastDistance(this.part, layer[i]!, layer[i + 1]!);
    }
    return gaps;
  }
}
