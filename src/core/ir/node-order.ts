import type { Node } from './node.ts';

/**
 * True when a node stands before another one in the order of their graph. Walks from both until one is met, so it costs
 * their distance, not the length of the graph. False where one is in no graph, or both are one.
 */
export function precedes(node: Node, other: Node | null | undefined): boolean {
  if (!other || node === other) return false;
  let [fromNode, fromOther]: (Node | null)[] = [node, other];
  while (fromNode || fromOther) {
    fromNode = fromNode?.next ?? null;
    if (fromNode === other) return true;
    fromOther = fromOther?.next ?? null;
    if (fromOther === node) return false;
  }
  return false;
}
