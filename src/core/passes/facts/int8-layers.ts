import type { Node, Use, Value } from '../../ir/graph.ts';
import {
  isConstantThroughQuantizers,
  isDequantizeNode,
  isQuantizer,
} from '../../ir/quantizer-nodes.ts';
import type { PassContext } from '../rewrite-pass.ts';
import { dequantizeBefore } from './activation-pairs.ts';
import { soleUse } from './closed-uses.ts';
import { MAX_COPIES, dataInputs, isCopying, pairAbove } from './copying-nodes.ts';
import {
  isActivation,
  isConvolution,
  isElementwise,
  isPointwisePair,
  isWeighted,
  needsBothSides,
} from './layer-kinds.ts';
import { commonQuantizer, isQuantizedFromBehind } from './value-reads.ts';

/** True for a weighted node that runs in INT8: its input and its constant weights come from DQs. */
export function isInt8Weighted(node: Node | null | undefined): boolean {
  if (!node || !isWeighted(node)) return false;
  const [data, weights] = node.inputs;
  return isDequantizeNode(data?.producer()) && hasQuantizedWeights(weights);
}

/** A convolution whose input and weights carry Q/DQ, so that it computes in INT8. */
export const isQuantizedConvolution = (node: Node | null | undefined): boolean =>
  node ? isConvolution(node) && isInt8Weighted(node) : false;

/** True when constant weights come from a DQ. */
export const hasQuantizedWeights = (weights: Value | null | undefined): boolean =>
  isConstantThroughQuantizers(weights) && isDequantizeNode(weights?.producer());

/** Nodes in a row above a value that are looked at. */
const MAX_STEPS = 24;

/**
 * Whether the layer that makes a value can give it in INT8 when a Q is its only reader: otherwise that Q is a layer of
 * its own. Above nodes that copy or join, a second reader of what they read would keep that in float.
 */
export function takesQuantizer(value: Value, context: PassContext, steps = MAX_STEPS): boolean {
  const maker = value.producer();
  if (maker?.domain !== '' || steps <= 0) return false;
  const [input] = maker.inputs;
  if (isWeighted(maker)) return isInt8Weighted(maker);
  if (isElementwise(maker) || isActivation(maker)) return true;
  if (!input) return false;
  if (needsBothSides(maker, context)) return pairAbove(input, context) !== undefined;
  if (maker.opType === 'Concat')
    return dataInputs(maker).every((operand) => isGiven(operand.value, context, steps));
  return (
    (maker.opType === 'BatchNormalization' || isCopying(maker, context)) &&
    isGiven(input, context, steps)
  );
}

/** Behind a DQ the integers are there already. */
const isGiven = (value: Value, context: PassContext, steps: number): boolean =>
  dequantizeBefore(value) !== null ||
  (soleUse(value) !== null && takesQuantizer(value, context, steps - 1));

/** Why a pair would gain nothing, as a clause, and the node to blame. */
export interface ReadRefusal {
  readonly reason: string;
  readonly node: Node;
}

/**
 * Whether a node that reads a value in float would run in INT8 if a pair stood on this read: then undefined, else why
 * not, as a clause.
 */
export function refusalToQuantize(
  { node, index }: Use,
  context: PassContext,
  depth = MAX_COPIES,
): ReadRefusal | undefined {
  const no = (reason: string): ReadRefusal => ({ reason, node });
  if (index < 0) return no(`a subgraph of ${node.name} reads it`);
  const [output] = node.outputs;
  if (isInt8Like(node, index)) return undefined;
  const isBetween = needsBothSides(node, context) || isActivation(node) || isPointwisePair(node);
  if (index === 0 && isCopying(node, context) && depth > 0)
    return refusalBehind(node, context, depth - 1);
  if (isQuantizedFromBehind({ node, index }, context))
    return no(`${node.name} passes it on to readers that do not all quantize alike`);
  if (node.domain !== '' || !isBetween || !output)
    return no(`${node.name} (${node.opType}) reads it in float`);
  if (!commonQuantizer(output, context))
    return no(`${node.name} reads it, and no Q follows that, so it stays float`);
  const float = dataInputs(node).find(
    ({ value }) => value !== node.inputs[index] && !pairAbove(value, context),
  );
  return float && isPointwisePair(node)
    ? no(`${node.name} reads it, whose other operand ${float.value.name} is float`)
    : undefined;
}

/** The DQ moves behind a node that copies: those who read the copies decide. */
function refusalBehind(node: Node, context: PassContext, depth: number): ReadRefusal | undefined {
  for (const output of node.outputs) {
    if (output.isGraphOutput) return { reason: `${output.name} is an output of the network`, node };
    for (const use of output.uses()) {
      if (isQuantizer(use.node)) continue;
      const refusal = refusalToQuantize(use, context, depth);
      if (refusal) return refusal;
    }
  }
  return undefined;
}

/** A weighted node whose weights are quantized already waits for a pair on its input only. */
const isInt8Like = (node: Node, index: number): boolean =>
  isWeighted(node) && index === 0 && hasQuantizedWeights(node.inputs[1]);
