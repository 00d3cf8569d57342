import type { Graph, Node } from './graph.ts';

/** The nodes that an output of the graph depends on. */
export function neededNodes(graph: Graph): ReadonlySet<Node> {
  const needed = new Set<Node>();
  const open = graph.outputs.map((value) => value.producer());
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node === null || needed.has(node)) continue;
    needed.add(node);
    for (const value of node.inputs) if (value) open.push(value.producer());
  }
  return needed;
}
