import type { Node } from '../ir/graph.ts';

/** Operators that give something new each time, or that hold graphs: never constants however constant their inputs. */
const NEVER_CONSTANT = /^(Random|Multinomial$|Bernoulli$|If$|Loop$|Scan$)/;

/** Nodes that compute nothing but constants (weights with their quantizers and transposes, scales, shapes). */
export function constantNodes(order: readonly Node[]): Set<Node> {
  const constant = new Set<Node>();
  for (const node of order) {
    if (NEVER_CONSTANT.test(node.opType)) continue;
    if (node.inputs.length === 0 && !node.opType.startsWith('Constant')) continue;
    const known = node.inputs.every((value) => {
      if (value === null) return true;
      const producer = value.producer();
      if (producer !== null) return constant.has(producer);
      return !value.isGraphInput || value.tensor !== undefined;
    });
    if (known) constant.add(node);
  }
  return constant;
}

/**
 * For each constant node the node that it is shown with: the first that reads it and is no constant. A constant that
 * leaves the graph, or that nobody reads, is its own host.
 */
export function hostConstants(
  order: readonly Node[],
  constant: ReadonlySet<Node>,
): Map<Node, Node> {
  const hosts = new Map<Node, Node>();
  for (let i = order.length - 1; i >= 0; i--) {
    const node = order[i]!;
    if (!constant.has(node)) continue;
    const leaves = node.outputs.some((value) => value.isGraphOutput);
    const reader = leaves ? undefined : node.outputs.flatMap((value) => value.uses())[0]?.node;
    hosts.set(node, reader === undefined ? node : (hosts.get(reader) ?? reader));
  }
  return hosts;
}
