import type { Graph, Node, Value } from '../graph.ts';

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

/** True for a value of a body that only an outer graph can give. */
export const isFromOutside = (value: Value): boolean =>
  value.producer() === null &&
  !value.isGraphInput &&
  value.tensor === undefined &&
  value.name !== '';
