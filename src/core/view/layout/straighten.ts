import type { Part } from './layout-graph.ts';
import type { Layers } from './order.ts';
import { leastDistance } from './least-distance.ts';
import type { ProperGraph } from './proper-graph.ts';

/**
 * Gives runs of dummies one x wherever the boxes beside them leave a common lane, so that long edges run straight and
 * bend as rarely as can be. Nothing else moves, and nothing changes places.
 */
export function straightenChains(
  part: Part,
  graph: ProperGraph,
  layers: Layers,
  x: Float64Array,
): void {
  const position = new Int32Array(graph.itemCount);
  for (const layer of layers) layer.forEach((item, i) => (position[item] = i));
  let run: number[] = [];
  let [low, high] = [-Infinity, Infinity];
  const finish = (): void => {
    const lane = chooseLane(graph, x, run, { low, high });
    for (const item of run) x[item] = lane;
    run = [];
    [low, high] = [-Infinity, Infinity];
  };
  for (let item = graph.boxCount; item < graph.itemCount; item++) {
    const layer = layers[graph.rank[item]!]!;
    const [left, right] = [layer[position[item]! - 1], layer[position[item]! + 1]];
    const from = left === undefined ? -Infinity : x[left]! + leastDistance(part, left, item);
    const to = right === undefined ? Infinity : x[right]! - leastDistance(part, item, right);
    const above = graph.segmentTail[graph.up.list[graph.up.start[item]!]!];
    const goesOn = run.length > 0 && above === item - 1;
    if (run.length > 0 && (!goesOn || Math.max(low, from) > Math.min(high, to))) finish();
    run.push(item);
    low = Math.max(low, from);
    high = Math.min(high, to);
  }
  if (run.length > 0) finish();
}

/** Straight on from above saves a bend, straight into what is below too; else as near as can be to where the run was. */
function chooseLane(
  graph: ProperGraph,
  x: Float64Array,
  run: readonly number[],
  { low, high }: { readonly low: number; readonly high: number },
): number {
  const above = graph.segmentTail[graph.up.list[graph.up.start[run[0]!]!]!]!;
  const below = graph.segmentHead[graph.down.list[graph.down.start[run.at(-1)!]!]!]!;
  for (const end of [x[above]!, x[below]!]) if (end >= low && end <= high) return end;
  const mean = run.reduce((sum, item) => sum + x[item]!, 0) / run.length;
  return Math.min(high, Math.max(low, mean));
}
