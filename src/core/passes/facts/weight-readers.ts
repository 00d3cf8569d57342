import type { Node, Value } from '../../ir/graph.ts';
import { attrInt } from '../../ir/node-attributes.ts';

/** Along which dimension of a weight its reader's output channels lie, or why it cannot have a scale for each. */
type ChannelAxis = { readonly axis: number } | { readonly reason: string };

/** Output channels of a weight of rank `rank` that `node` reads as input 1. */
function channelAxisOf(node: Node, input: number, rank: number): ChannelAxis {
  if (input !== 1) return { reason: `${node.name} does not read it as its weight` };
  switch (node.opType) {
    case 'Conv':
      return { axis: 0 };
    case 'ConvTranspose':
      // With groups the dimension holds the channels of one group only.
      return attrInt(node, 'group', 1) === 1
        ? { axis: 1 }
        : { reason: `${node.name} has groups, whose channels share the axis` };
    case 'Gemm':
      return { axis: attrInt(node, 'transB', 0) === 0 ? 1 : 0 };
    case 'MatMul':
      return rank === 2 ? { axis: 1 } : { reason: `${node.name} multiplies stacks of matrices` };
    default:
      return { reason: `${node.name} has no weights of its own` };
  }
}

/** The one axis that all readers of a weight's DQs agree on. */
export function commonChannelAxis(
  dequantized: readonly Value[],
  rank: number,
): (ChannelAxis & { readonly nodes: readonly Node[] }) | undefined {
  let common: number | undefined;
  const nodes: Node[] = [];
  for (const value of dequantized)
    for (const { node, index } of value.uses()) {
      nodes.push(node);
      const found = channelAxisOf(node, index, rank);
      if ('reason' in found) return { ...found, nodes: [node] };
      if (common !== undefined && found.axis !== common)
        return { reason: 'its readers have their channels along different axes', nodes };
      common = found.axis;
    }
  return common === undefined ? undefined : { axis: common, nodes };
}
