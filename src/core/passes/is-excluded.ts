import type { Node } from '../ir/graph.ts';
import type { PassSettings } from './rewrite-pass.ts';

/**
 * True for a node that the user wants left in float: by its name, by a pattern (`*` stands for any characters), or by
 * `type:MatMul`.
 */
export const isExcluded = (node: Node, { exclude = [] }: PassSettings): boolean =>
  matchesAny(node, exclude);

/** True when one of the patterns names the node: its name, with `*` for any characters, or `type:` and its operator. */
export const matchesAny = (node: Node, patterns: readonly string[]): boolean =>
  patterns.some((pattern) =>
    pattern.startsWith('type:')
      ? node.opType === pattern.slice(5)
      : patternOf(pattern).test(node.name),
  );

const patternOf = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
