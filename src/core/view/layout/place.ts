import type { Part } from './layout-graph.ts';
import { leastDistance } from './least-distance.ts';
import type { Layers } from './order.ts';
import type { ProperGraph } from './proper-graph.ts';
import { Spreader } from './spread.ts';
import { straightenChains } from './straighten.ts';

const SWEEPS = 12;
/** Weight that holds the spine in place against any number of neighbours. */
const PINNED = 1e9;
/** Weight of an item that nothing pulls: it only gives way. */
const FREE = 0.01;

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
  const moving = layers.filter((layer) => layer.length > 1 || pinned[layer[0]!] === 0);
  for (const layer of moving) placer.start(layer);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const down = sweep % 2 === 0;
    const last = sweep >= SWEEPS - 2;
    for (let k = 0; k < moving.length; k++) {
      placer.settle(moving[down ? k : moving.length - 1 - k]!, last || down, last || !down);
    }
  }
  // Whole numbers: what hangs on a pinned box is off by a billionth, and would count as a bend.
  for (let item = 0; item < x.length; item++) x[item] = Math.round(x[item]!);
  straightenChains(part, graph, layers, x);
  return x;
}

/** Moves layers. Its arrays are made once: layers are many and small, and allocating costs more than the work. */
class Placer {
  private readonly part: Part;
  private readonly graph: ProperGraph;
  private readonly x: Float64Array;
  private readonly pinned: Uint8Array;
  private readonly spreader = new Spreader();
  private sum = 0;
  private weight = 0;

  constructor(part: Part, graph: ProperGraph, x: Float64Array, pinned: Uint8Array) {
    this.part = part;
    this.graph = graph;
    this.x = x;
    this.pinned = pinned;
  }

  /** Packs a layer side by side around its pinned item. */
  start(layer: Int32Array): void {
    let at = 0;
    let zero = 0;
    for (let i = 0; i < layer.length; i++) {
      const item = layer[i]!;
      if (i > 0) at += leastDistance(this.part, layer[i - 1]!, item);
      this.x[item] = at;
      if (this.pinned[item] === 1) zero = at;
    }
    for (const item of layer) this.x[item] = this.x[item]! - zero;
  }

  /** Moves the items of a layer towards their neighbours above and below. */
  settle(layer: Int32Array, above: boolean, below: boolean): void {
    const { spreader } = this;
    spreader.clear();
    for (let i = 0; i < layer.length; i++) {
      const item = layer[i]!;
      const gap = i === 0 ? 0 : leastDistance(this.part, layer[i - 1]!, item);
      this.sum = this.weight = 0;
      if (above) this.pull(item, true);
      if (below) this.pull(item, false);
      if (this.pinned[item] === 1) spreader.add(0, PINNED, gap);
      else if (this.weight === 0) spreader.add(this.x[item]!, FREE, gap);
      else spreader.add(this.sum / this.weight, this.weight, gap);
    }
    spreader.solve();
    for (let i = 0; i < layer.length; i++) this.x[layer[i]!] = spreader.position[i]!;
  }

  /** Adds the neighbours of an item to `sum` and `weight`. */
  private pull(item: number, up: boolean): void {
    const { graph, x } = this;
    const adjacency = up ? graph.up : graph.down;
    const other = up ? graph.segmentTail : graph.segmentHead;
    const end = adjacency.start[item + 1]!;
    for (let i = adjacency.start[item]!; i < end; i++) {
      const neighbour = other[adjacency.list[i]!]!;
      const dummies = Number(item >= graph.boxCount) + Number(neighbour >= graph.boxCount);
      const weight = dummies === 2 ? 8 : dummies + 1;
      this.sum += weight * x[neighbour]!;
      this.weight += weight;
    }
  }
}
