import type { Part } from './layout-graph.ts';
import type { ProperGraph } from './proper-graph.ts';
import type { Ranking } from './rank.ts';

const GAP = 24;
/** A bend that goes far sideways needs height, or it looks like a horizontal line: this share of its width. */
const SLOPE = 0.06;
const SLOPE_LIMIT = 40;

/** Top and bottom of each layer in y. Edges bend only between layers, so they never run through a box. */
export interface Bands {
  readonly top: Float64Array;
  readonly bottom: Float64Array;
}

/** Stacks the layers, with room above each for badges and for the widest bend. */
export function stackLayers(
  part: Part,
  graph: ProperGraph,
  ranking: Ranking,
  x: Float64Array,
): Bands {
  const height = new Float64Array(graph.rankCount);
  const above = new Float64Array(graph.rankCount);
  const sideways = new Float64Array(graph.rankCount);
  part.boxes.forEach((box, i) => {
    const r = graph.rank[i]!;
    height[r] = Math.max(height[r]!, box.height);
  });
  part.edges.forEach((edge, e) => {
    const r = graph.rank[ranking.turned[e] ? edge.from : edge.to]!;
    above[r] = Math.max(above[r]!, edge.headroom);
  });
  graph.segmentTail.forEach((tail, s) => {
    const head = graph.segmentHead[s]!;
    const r = graph.rank[head]!;
    sideways[r] = Math.max(sideways[r]!, Math.abs(x[head]! - x[tail]!));
  });
  const top = new Float64Array(graph.rankCount);
  const bottom = new Float64Array(graph.rankCount);
  for (let r = 0, y = 0; r < graph.rankCount; r++) {
    if (r > 0) y += GAP + above[r]! + Math.min(SLOPE_LIMIT, SLOPE * sideways[r]!);
    top[r] = Math.round(y);
    bottom[r] = y = top[r]! + height[r]!;
  }
  return { top, bottom };
}
