import type { Graph, Node, Value } from '../graph.ts';

/**
 * Nodes of one graph so that each stands after the makers of its inputs, values that its bodies read from outside
 * included. The order of the file is kept where it is right, which is the rule; nodes on a cycle come last.
 */
export function walkOrder(graph: Graph): readonly Node[] {
  const nodes = [...graph.nodes()];
  const done = new Set<Node>();
  const inOrder = nodes.every((node) => {
    const ready = makersOf(graph, node).every((maker) => done.has(maker));
    done.add(node);
    return ready;
  });
  return inOrder ? nodes : sortNodes(graph, nodes);
}

/** Kahn's algorithm; among ready nodes the first of the file goes first, near enough to keep logs readable. */
function sortNodes(graph: Graph, nodes: readonly Node[]): readonly Node[] {
  const waitingFor = new Map<Node, number>();
  const readers = new Map<Node, Node[]>();
  for (const node of nodes) {
    const makers = makersOf(graph, node);
    waitingFor.set(node, makers.length);
    for (const maker of makers) {
      const list = readers.get(maker);
      if (list === undefined) readers.set(maker, [node]);
      else list.push(node);
    }
  }
  const order = nodes.filter((node) => waitingFor.get(node) === 0);
  for (const node of order) {
    for (const reader of readers.get(node) ?? []) {
      const left = (waitingFor.get(reader) ?? 0) - 1;
      waitingFor.set(reader, left);
      if (left === 0) order.push(reader);
    }
  }
  const sorted = new Set(order);
  return [...order, ...nodes.filter((node) => !sorted.has(node))];
}

function makersOf(graph: Graph, node: Node): readonly Node[] {
  const makers = new Set<Node>();
  const add = (value: Value | null | undefined): void => {
    const maker = value?.producer();
    if (maker && maker !== node && graph.node(maker.name) === maker) makers.add(maker);
  };
  for (const input of node.inputs) add(input);
  for (const name of namesReadByBodies(node)) add(graph.value(name));
  return [...makers];
}

/** Names that the bodies of a node read and do not make themselves. */
function namesReadByBodies(node: Node): readonly string[] {
  const names: string[] = [];
  const pending = bodiesOf(node);
  for (let body = pending.pop(); body !== undefined; body = pending.pop()) {
    for (const value of body.values()) if (isFromOutside(value)) names.push(value.name);
    for (const inner of body.nodes()) pending.push(...bodiesOf(inner));
  }
  return names;
}

/** True for a value of a body that only an outer graph can give. */
export const isFromOutside = (value: Value): boolean =>
  value.producer() === null &&
  !value.isGraphInput &&
  value.tensor === undefined &&
  value.name !== '';

/** Operators that carry graphs; other nodes are not asked, so that their attributes stay undecoded. */
const WITH_BODIES = new Set(['If', 'Loop', 'Scan', 'SequenceMap']);

/** The graphs in the attributes of a node. */
export function bodiesOf(node: Node): Graph[] {
  if (!WITH_BODIES.has(node.opType)) return [];
  const bodies: Graph[] = [];
  for (const attribute of node.attributes.values()) {
    if (attribute.type === 'graph') bodies.push(attribute.value);
    else if (attribute.type === 'graphs') bodies.push(...attribute.value);
  }
  return bodies;
}
