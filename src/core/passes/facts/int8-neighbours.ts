import type { Node, Use, Value } from '../../ir/graph.ts';
import type { PassContext } from '../rewrite-pass.ts';
import { dequantizeBefore } from './activation-pairs.ts';
import { closedUses, quantizesOf } from './closed-uses.ts';
import { dataInputs, isCopyingOne } from './copying-nodes.ts';
import { isQuantizedConvolution } from './int8-layers.ts';
import {
  isActivation,
  isConvolution,
  isElementwise,
  isFloatOnly,
  isReluLike,
  needsBothSides,
} from './layer-kinds.ts';

/** How far a question walks along a chain. */
const MAX_STEPS = 24;

/** True where a reader computes on integers, or may do so for all we know, if its input comes from a DQ. */
export function mayUseInt8({ node, index }: Use, context: PassContext, steps = MAX_STEPS): boolean {
  if (index < 0 || steps <= 0 || node.domain !== '') return true;
  if (isFloatOnly(node)) return false;
  if (node.opType === 'Slice' && index === 0 && !isCopyingOne(node, context)) return false;
  if (needsBothSides(node, context))
    return node.outputs.some((value) => quantizesOf(value).length > 0);
  if (isActivation(node) || isCopyingOne(node, context)) {
    const uses = node.outputs.flatMap((value) => value.uses());
    return uses.some((use) => mayUseInt8(use, context, steps - 1));
  }
  return true;
}

/**
 * True where the layer that makes a value computes in INT8, or as one layer with what stands before it, only because a Q
 * follows: without the Q it would fall back to float. Also where that is not known.
 */
export function needsQuantizer(value: Value, context: PassContext, steps = MAX_STEPS): boolean {
  const maker = value.producer();
  if (!maker) return false;
  if (steps <= 0 || maker.domain !== '') return true;
  const [source] = maker.inputs;
  if (isConvolution(maker) || isFloatOnly(maker)) return false;
  if (maker.opType === 'MatMul' || maker.opType === 'Gemm') return false;
  if (!source) return true;
  if (needsBothSides(maker, context)) return dequantizeBefore(source) !== null;
  if (maker.opType === 'BatchNormalization' || isCopyingOne(maker, context))
    return dequantizeBefore(source) !== null || needsQuantizer(source, context, steps - 1);
  if (isReluLike(maker, context) && isConvolutionResult(source)) return false;
  return !isFloatIsland(maker, context);
}

const isConvolutionResult = (value: Value): boolean => {
  const maker = value.producer();
  const before = maker?.opType === 'BatchNormalization' ? maker.inputs[0]?.producer() : maker;
  return before?.opType === 'Conv' && closedUses(value)?.length === 1;
};

/** An element-wise operator none of whose operands comes from INT8. */
const isFloatIsland = (node: Node, context: PassContext): boolean =>
  (isElementwise(node) || isActivation(node)) &&
  dataInputs(node).every(
    ({ value }) =>
      dequantizeBefore(value) === null &&
      !isQuantizedConvolution(value.producer()) &&
      !needsQuantizer(value, context, MAX_STEPS / 4),
  );
