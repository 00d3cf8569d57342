import type { Graph, Node } from '../ir/graph.ts';

/** Nodes so that producers come before readers, else in the order of the file; nodes on cycles come last. */
export function nodeOrder(graph: Graph): Node[] {
  const waiting = new Map<Node, number>();
  const order: Node[] = [];
  for (const node of graph.nodes()) {
    let producers = 0;
    for (const value of node.inputs) if (value?.producer()) producers++;
    waiting.set(node, producers);
    if (producers === 0) order.push(node);
  }
  // The list grows while it is walked.
  for (const ready of order) {
    for (const value of ready.outputs) {
      for (const { node } of value.uses()) {
        const left = waiting.get(node)! - 1;
        waiting.set(node, left);
        if (left === 0) order.push(node);
      }
    }
  }
  for (const [node, left] of waiting) if (left > 0) order.push(node);
  return order;
}
