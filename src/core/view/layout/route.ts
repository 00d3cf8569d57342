import type { Bands } from './bands.ts';
import type { Part } from './layout-graph.ts';
import type { Ports } from './ports.ts';
import type { ProperGraph } from './proper-graph.ts';
import type { Ranking } from './rank.ts';

/** What is known of a part when its edges are routed. */
export interface Placed {
  readonly part: Part;
  readonly graph: ProperGraph;
  readonly ranking: Ranking;
  readonly bands: Bands;
  readonly ports: Ports;
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/**
 * The polyline of an edge: vertical through layers and badges, sideways only between layers. Points in the middle of
 * a straight run are left out. A turned edge runs upwards, from its lower box to its upper one.
 */
export function routeEdge(placed: Placed, edge: number): number[] {
  const { part, graph, ranking, bands, ports, x, y } = placed;
  const [tail, head] = [ranking.tail[edge]!, ranking.head[edge]!];
  const [first, last] = [graph.rank[tail]!, graph.rank[head]!];
  const points: number[] = [];
  const add = (px: number, py: number): void => {
    const n = points.length;
    if (n >= 2 && points[n - 2] === px && points[n - 1] === py) return;
    if (n >= 4 && points[n - 2] === px && points[n - 4] === px) points[n - 1] = py;
    else points.push(px, py);
  };
  add(ports.start[edge]!, y[tail]! + part.boxes[tail]!.height / 2);
  add(ports.start[edge]!, bands.bottom[first]!);
  const chain = graph.chainOf[edge]!;
  if (chain >= 0) {
    for (let r = first + 1; r < last; r++) {
      const px = x[chain + r - first - 1]!;
      add(px, bands.top[r]!);
      add(px, bands.bottom[r]!);
    }
  }
  add(ports.end[edge]!, bands.top[last]! - part.edges[edge]!.headroom);
  add(ports.end[edge]!, y[head]! - part.boxes[head]!.height / 2);
  return ranking.turned[edge] ? reversed(points) : points;
}

function reversed(points: readonly number[]): number[] {
  const out: number[] = [];
  for (let i = points.length - 2; i >= 0; i -= 2) out.push(points[i]!, points[i + 1]!);
  return out;
}
