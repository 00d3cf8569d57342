import type { Node, Use, Value } from '../../ir/graph.ts';
import { isQuantizeNode } from '../../ir/quantizer-nodes.ts';

/** Who reads a value, if that is known in full; null where it is also an output, or a subgraph reads it by name. */
export function closedUses(value: Value | null | undefined): readonly Use[] | null {
  if (!value || value.isGraphOutput) return null;
  const uses = value.uses();
  return uses.length > 0 && uses.every(({ index }) => index >= 0) ? uses : null;
}

/** The only read of a value, if there is one alone. */
export function soleUse(value: Value | null | undefined): Use | null {
  const uses = value?.useCount === 1 ? closedUses(value) : null;
  return uses?.[0] ?? null;
}

/** True where nobody but `readers` reads a value: no output of the network, no subgraph. */
export const isReadOnlyBy = (value: Value, ...readers: readonly Node[]): boolean =>
  !value.isGraphOutput &&
  value.uses().every(({ node, index }) => index >= 0 && readers.includes(node));

/** The Q nodes that read a value. */
export const quantizesOf = (value: Value | null | undefined): readonly Node[] =>
  (value?.consumers() ?? []).filter(isQuantizeNode);
