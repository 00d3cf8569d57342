import type { Node } from '../ir/graph.ts';
import { attrInt } from '../ir/node-attributes.ts';

/** Operators with weights whose arithmetic TensorRT runs in INT8. */
export const WEIGHTED = ['Conv', 'ConvTranspose', 'Gemm', 'MatMul'] as const;

/** True for an operator that multiplies its first input by weights in its second. */
export const isWeighted = ({ opType }: Node): boolean =>
  (WEIGHTED as readonly string[]).includes(opType);

/**
 * The axis of a node's second input along which each output channel has its own scale; null where it has none: other
 * operators, grouped deconvolutions (whose axis 1 holds the channels of one group), and stacks of matrices.
 */
export function weightAxis(node: Node): number | null {
  const rank = node.inputs[1]?.shape?.length;
  switch (node.opType) {
    case 'Conv':
      return 0;
    case 'ConvTranspose':
      return attrInt(node, 'group', 1) === 1 ? 1 : null;
    case 'Gemm':
      return attrInt(node, 'transB', 0) === 1 ? 0 : 1;
    case 'MatMul':
      return rank === 2 ? 1 : null;
    default:
      return null;
  }
}
