import type { Graph, Node } from '../ir/graph.ts';
import { isQuantizer } from '../ir/quantizer-nodes.ts';

/**
 * Nodes around `start`, nearest first and in the order of the graph's edges, Q/DQ looked through and left out. `steps` is
 * how many nodes away they may be.
 */
export function nearNodes(
  graph: Graph,
  start: readonly string[],
  steps: number,
): readonly string[] {
  let ring = start.flatMap((name) => graph.node(name) ?? []);
  const seen = new Set<Node>(ring);
  const found = ring.filter((node) => !isQuantizer(node));
  for (let step = 0; step < steps; step++) {
    const next: Node[] = [];
    for (const node of ring) collect(node, seen, next);
    found.push(...next);
    ring = next;
  }
  return found.map((node) => node.name);
}

/** Adds the unseen neighbours of a node, and those behind Q/DQ, to `into`. */
function collect(node: Node, seen: Set<Node>, into: Node[]): void {
  const makers = node.inputs.map((value) => value?.producer() ?? null);
  const readers = node.outputs.flatMap((value) => value.consumers());
  for (const other of [...makers, ...readers]) {
    if (!other || seen.has(other)) continue;
    seen.add(other);
    if (isQuantizer(other)) collect(other, seen, into);
    else into.push(other);
  }
}
