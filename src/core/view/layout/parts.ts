import type { LayoutGraph, Part } from './layout-graph.ts';

/** A connected part, and which boxes and edges of the whole graph its numbers stand for. */
export interface NumberedPart {
  readonly part: Part;
  readonly boxes: readonly number[];
  readonly edges: readonly number[];
}

/** Splits a graph into its connected parts, in the order of their first boxes. Edges from a box to itself are dropped. */
export function splitParts(graph: LayoutGraph): NumberedPart[] {
  const root = findRoots(graph);
  const groups = new Map<number, { boxes: number[]; edges: number[] }>();
  const local = new Int32Array(graph.boxes.length);
  root.forEach((r, box) => {
    let group = groups.get(r);
    if (group === undefined) groups.set(r, (group = { boxes: [], edges: [] }));
    local[box] = group.boxes.push(box) - 1;
  });
  graph.edges.forEach((edge, e) => {
    if (edge.from !== edge.to) groups.get(root[edge.from]!)!.edges.push(e);
  });
  return [...groups.values()].map(({ boxes, edges }) => ({
    boxes,
    edges,
    part: {
      boxes: boxes.map((box) => graph.boxes[box]!),
      edges: edges.map((e) => graph.edges[e]!),
      tail: Int32Array.from(edges, (e) => local[graph.edges[e]!.from]!),
      head: Int32Array.from(edges, (e) => local[graph.edges[e]!.to]!),
    },
  }));
}

/** Union-find with path halving: the lowest box of each part stands for it. */
function findRoots(graph: LayoutGraph): Int32Array {
  const parent = Int32Array.from(graph.boxes, (_, i) => i);
  const find = (v: number): number => {
    let at = v;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]!]!;
      at = parent[at]!;
    }
    return at;
  };
  for (const { from, to } of graph.edges) {
    const a = find(from);
    const b = find(to);
    parent[Math.max(a, b)] = Math.min(a, b);
  }
  return parent.map((_, v) => find(v));
}
