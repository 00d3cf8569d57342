import type { Node, Value } from '../../ir/graph.ts';
import { attrFloat } from '../../ir/node-attributes.ts';
import { isDequantizeNode, quantizeOf } from '../../ir/quantizer-nodes.ts';
import type { PassContext } from '../rewrite-pass.ts';
import { quantizerParts } from './quantizer-parts.ts';

/** What these make is never below zero, whatever they read. */
const NEVER = new Set([
  'Relu',
  'Sigmoid',
  'HardSigmoid',
  'Softmax',
  'Abs',
  'Sqrt',
  'Exp',
  'Softplus',
  'ThresholdedRelu',
]);
/** What these make is not below zero where no data input is: they copy, choose, average or add. */
const KEEPING = new Set([
  ...[
    'MaxPool',
    'AveragePool',
    'GlobalAveragePool',
    'GlobalMaxPool',
    'ReduceMean',
    'ReduceMax',
    'ReduceSum',
  ],
  ...[
    'Reshape',
    'Transpose',
    'Flatten',
    'Squeeze',
    'Unsqueeze',
    'Slice',
    'Split',
    'Gather',
    'Expand',
    'Tile',
  ],
  ...['DepthToSpace', 'SpaceToDepth', 'Identity', 'Dropout'],
]);
const KEEPING_ALL = new Set(['Add', 'Mul', 'Concat', 'Max', 'Min', 'Sum']);
/** Further back nobody looks: a chain of pools and reshapes is short. */
const MAX_DEPTH = 16;

/** True when no number of `value` can be below zero; false where that is not known. */
export function isNeverNegative(
  value: Value | null | undefined,
  context: PassContext,
  depth = 0,
): boolean {
  const node = value?.producer();
  if (depth > MAX_DEPTH || !value) return false;
  if (!node || node.opType === 'Constant')
    return context.numbers(value)?.every((number) => number >= 0) ?? false;
  if (node.domain !== '') return false;
  if (NEVER.has(node.opType)) return true;
  if (KEEPING.has(node.opType)) return isNeverNegative(node.inputs[0], context, depth + 1);
  if (KEEPING_ALL.has(node.opType))
    return node.inputs.every((input) => isNeverNegative(input, context, depth + 1));
  if (node.opType === 'Clip') return lowestOf(node, context) >= 0;
  return isDequantizeNode(node) && isDequantizedFromAbove(node, context, depth);
}

function lowestOf(clip: Node, context: PassContext): number {
  if (clip.inputs.length > 1) return context.numbers(clip.inputs[1])?.[0] ?? -Infinity;
  return attrFloat(clip, 'min', -Infinity);
}

/** A DQ whose Q reads nothing below zero. Rounding keeps the sign, for zero is on every grid. */
function isDequantizedFromAbove(node: Node, context: PassContext, depth: number): boolean {
  const parts = quantizerParts(node, context);
  if (!parts) return false;
  if (parts.type === 'uint8' && parts.zeroPoints.every((zero) => zero === 0)) return true;
  const quantize = quantizeOf(node);
  return quantize !== null && isNeverNegative(quantize.inputs[0], context, depth + 1);
}
