/** Edges grouped by one of their ends: those of vertex v are `list[start[v]]` up to `list[start[v + 1] - 1]`. */
export interface Adjacency {
  readonly start: Int32Array;
  readonly list: Int32Array;
}

/** Groups edge numbers by `end[edge]`, in the order of the edges. */
export function groupEdges(vertexCount: number, end: Int32Array): Adjacency {
  const start = new Int32Array(vertexCount + 1);
  for (const vertex of end) start[vertex + 1] = start[vertex + 1]! + 1;
  for (let v = 0; v < vertexCount; v++) start[v + 1] = start[v + 1]! + start[v]!;
  const next = start.slice(0, vertexCount);
  const list = new Int32Array(end.length);
  end.forEach((vertex, edge) => {
    const at = next[vertex]!;
    list[at] = edge;
    next[vertex] = at + 1;
  });
  return { start, list };
}
