import type { Node, Value } from '../../ir/graph.ts';
import { attrFloat, attrString } from '../../ir/node-attributes.ts';
import { isConstantThroughQuantizers } from '../../ir/quantizer-nodes.ts';
import type { PassContext } from '../rewrite-pass.ts';
import { pairBefore } from './activation-pairs.ts';
import type { ActivationPair } from './activation-pairs.ts';

/** Operators that move or pick elements and compute none, whatever their attributes say. */
const ALWAYS: ReadonlySet<string> = new Set([
  'GlobalMaxPool',
  'Reshape',
  'Flatten',
  'Squeeze',
  'Unsqueeze',
  'Transpose',
  'DepthToSpace',
  'SpaceToDepth',
  'Split',
  'Identity',
]);

/**
 * True for a node over which TensorRT moves Q and DQ: what it gives are elements of its first input. Real engines decide
 * the list: slices with steps, linear resizing and padding with another number than 0 are not in it.
 */
export function isCopying(node: Node, context: PassContext): boolean {
  if (node.domain !== '') return false;
  switch (node.opType) {
    case 'MaxPool':
      // With indices as a second output nothing moves over it.
      return node.outputs.length === 1;
    case 'Slice': {
      const steps = context.numbers(node.inputs[4]);
      return !node.inputs[4] || steps?.every((step) => step === 1) === true;
    }
    case 'Pad':
      return attrString(node, 'mode', 'constant') === 'constant' && padsWithZero(node, context);
    case 'Resize':
    case 'Upsample':
      return attrString(node, 'mode', 'nearest') === 'nearest';
    default:
      return ALWAYS.has(node.opType);
  }
}

/** True for a copying node with one output: what stands behind it says all about who reads its elements. */
export const isCopyingOne = (node: Node, context: PassContext): boolean =>
  node.outputs.length === 1 && isCopying(node, context);

/** True for a copying node that needs no kernel able to write elsewhere: a Resize must be copied into a Concat anyway. */
export const isCopyingInPlace = (node: Node, context: PassContext): boolean =>
  node.opType !== 'Resize' && node.opType !== 'Upsample' && isCopying(node, context);

function padsWithZero(node: Node, context: PassContext): boolean {
  const value = node.inputs[2];
  // Before operator set 11 the number was an attribute.
  if (attrFloat(node, 'value', 0) !== 0) return false;
  return !value || context.numbers(value)?.every((number) => number === 0) === true;
}

/** Inputs that are computed when the network runs, with their numbers. */
export const dataInputs = (
  node: Node,
): readonly { readonly value: Value; readonly input: number }[] =>
  node.inputs.flatMap((value, input) =>
    value && value.name !== '' && !isConstantThroughQuantizers(value) ? [{ value, input }] : [],
  );

/** Copies in a row that are looked through: longer chains occur only in graphs made to be odd. */
export const MAX_COPIES = 24;

/** The pair whose integers a value is a copy of: TensorRT moves its DQ behind the nodes that copy. */
export function pairAbove(
  value: Value | null | undefined,
  context: PassContext,
): ActivationPair | undefined {
  let source = value;
  for (let steps = 0; steps < MAX_COPIES; steps++) {
    const pair = pairBefore(source);
    if (pair) return pair;
    const maker = source?.producer();
    if (!maker || !isCopying(maker, context)) return undefined;
    source = maker.inputs[0];
  }
  return undefined;
}
