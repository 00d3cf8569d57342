import type { Graph, Node, Value } from '../ir/graph.ts';

/** Removes a node that nobody reads, and the values that only it used or made: outputs, constants. */
export function removeNodeAndItsOwn(graph: Graph, node: Node): void {
  const { inputs, outputs } = node;
  graph.removeNode(node);
  dropUnused(graph, [...outputs, ...inputs]);
}

/** Forgets those of the values that nobody makes, reads or shows; a Constant node that made one goes with it. */
export function dropUnused(graph: Graph, values: readonly (Value | null | undefined)[]): void {
  for (const value of values) {
    if (!value || value.useCount > 0 || value.isGraphOutput || value.isGraphInput) continue;
    const maker = value.producer();
    if (maker?.opType === 'Constant') graph.removeNode(maker);
    if (value.producer() === null && graph.value(value.name) === value) graph.dropValue(value);
  }
}
