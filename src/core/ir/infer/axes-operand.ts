import { attrInts } from '../node-attributes.ts';
import type { NodeContext } from './node-context.ts';

/**
 * The axes of a node whose older versions give them as attribute and newer ones as input `index`. `absent` when neither
 * is there, `unknown` when the input is not a known constant.
 */
export function axesOperand(
  c: NodeContext,
  index: number,
): readonly number[] | 'absent' | 'unknown' {
  if (c.input(index) !== undefined) return c.numbers(index) ?? 'unknown';
  return attrInts(c.node, 'axes') ?? 'absent';
}
