import { stackLayers } from './bands.ts';
import type { Layout, LayoutGraph, Part, PartLayout } from './layout-graph.ts';
import { orderLayers } from './order.ts';
import { packParts } from './pack.ts';
import { splitParts } from './parts.ts';
import { placeItems } from './place.ts';
import { placePorts } from './ports.ts';
import { makeProper } from './proper-graph.ts';
import { rankBoxes } from './rank.ts';
import { routeEdge } from './route.ts';

/**
 * Draws a graph top to bottom in layers (after Sugiyama, Tagawa and Toda): rank, order, place, route. Never recurses,
 * takes time in proportion to boxes, edges and the layers that edges pass, and gives the same answer each time.
 * Cycles are allowed: some of their edges run upwards.
 */
export function layeredLayout(graph: LayoutGraph): Layout {
  const parts = splitParts(graph);
  const drawn = parts.map(({ part }) => layoutPart(part));
  const { offsets, width, height } = packParts(drawn);
  const x = new Float64Array(graph.boxes.length);
  const y = new Float64Array(graph.boxes.length);
  const routes: (readonly number[])[] = graph.edges.map(() => []);
  parts.forEach(({ boxes, edges }, p) => {
    const layout = drawn[p]!;
    const { dx, dy } = offsets[p]!;
    boxes.forEach((box, i) => {
      x[box] = layout.x[i]! + dx;
      y[box] = layout.y[i]! + dy;
    });
    edges.forEach((edge, i) => {
      routes[edge] = layout.routes[i]!.map((c, k) => c + (k % 2 === 0 ? dx : dy));
    });
  });
  return { width, height, x, y, routes };
}

function layoutPart(part: Part): PartLayout {
  const ranking = rankBoxes(part);
  const graph = makeProper(part, ranking);
  const layers = orderLayers(graph);
  const x = placeItems(part, graph, layers, ranking.spine);
  const bands = stackLayers(part, graph, ranking, x);
  const ports = placePorts(part, graph, ranking, x);
  const y = Float64Array.from(part.boxes, (_, box) => {
    const r = graph.rank[box]!;
    return (bands.top[r]! + bands.bottom[r]!) / 2;
  });
  const placed = { part, graph, ranking, bands, ports, x, y };
  const routes = part.edges.map((_, edge) => routeEdge(placed, edge));
  return { ...bounds(part, x, routes), top: 0, bottom: bands.bottom.at(-1)!, x, y, routes };
}

function bounds(
  part: Part,
  x: Float64Array,
  routes: readonly (readonly number[])[],
): { left: number; right: number } {
  let left = Infinity;
  let right = -Infinity;
  part.boxes.forEach((box, i) => {
    left = Math.min(left, x[i]! - box.width / 2);
    right = Math.max(right, x[i]! + box.width / 2);
  });
  for (const route of routes) {
    for (let i = 0; i < route.length; i += 2) {
      left = Math.min(left, route[i]!);
      right = Math.max(right, route[i]!);
    }
  }
  return { left, right };
}
