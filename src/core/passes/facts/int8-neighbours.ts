import type { Node, Use, Value } from '../../ir/graph.ts';
import { attrInts, attrString } from '../../ir/node-attributes.ts';
import {
  isConstantThroughQuantizers,
  isDequantizeNode,
  isQuantizeNode,
} from '../../ir/quantizer-nodes.ts';
import {
  closedUses,
  commonQuantize,
  dequantizeBefore,
  quantizesOf,
  soleUse,
} from './quantizer-facts.ts';
import type { PassContext } from '../rewrite-pass.ts';

const CONVOLUTIONS: ReadonlySet<string> = new Set(['Conv', 'ConvTranspose']);
/** Operators over several tensors, element by element, that TensorRT has in INT8. */
const ELEMENTWISE: ReadonlySet<string> = new Set([
  'Add',
  'Sum',
  'Sub',
  'Mul',
  'Div',
  'Max',
  'Min',
  'Pow',
]);
/** Functions of one tensor that become point-wise layers, or go into the convolution before. */
const ACTIVATIONS: ReadonlySet<string> = new Set([
  'Relu',
  'Clip',
  'Sigmoid',
  'Tanh',
  'LeakyRelu',
  'PRelu',
  'Elu',
  'Selu',
  'Celu',
  'HardSigmoid',
  'HardSwish',
  'Mish',
  'Gelu',
  'Softplus',
  'Softsign',
  'ThresholdedRelu',
]);
/** Operators that never compute on INT8, whatever stands around them. */
const FLOAT_ONLY: ReadonlySet<string> = new Set([
  'Softmax',
  'LogSoftmax',
  'LayerNormalization',
  'InstanceNormalization',
  'GroupNormalization',
  'LpNormalization',
  'TopK',
  'ArgMax',
  'ArgMin',
  'NonMaxSuppression',
  'NonZero',
  'ReduceSum',
  'ReduceL1',
  'ReduceL2',
  'ReduceProd',
  'GridSample',
  'RoiAlign',
  'CumSum',
  'LSTM',
  'GRU',
  'RNN',
  'Exp',
  'Log',
  'Sqrt',
  'Reciprocal',
  'Erf',
  'Abs',
  'Neg',
  'Floor',
  'Ceil',
  'Round',
  'Sign',
  'Cast',
]);
/** How far a question walks along a chain. */
const MAX_STEPS = 24;

/** A convolution whose input and weights carry Q/DQ, so that it computes in INT8. */
export const isQuantizedConvolution = (node: Node | null | undefined): boolean =>
  node ? CONVOLUTIONS.has(node.opType) && hasQuantizedInputs(node) : false;

const hasQuantizedInputs = (node: Node): boolean =>
  dequantizeBefore(node.inputs[0]) !== null && hasQuantizedWeights(node);

/** Constant weights with a DQ. */
export const hasQuantizedWeights = (node: Node): boolean =>
  isDequantizeNode(node.inputs[1]?.producer()) && isConstantThroughQuantizers(node.inputs[1]);

/** Inputs that are computed when the network runs. */
export const dataInputs = (node: Node): readonly Value[] =>
  node.inputs.filter(
    (value): value is Value =>
      value !== null && value.name !== '' && !isConstantThroughQuantizers(value),
  );

/** A pooling that averages over space, or a resizing that interpolates: INT8 only with Q/DQ on both sides. */
export function needsBothSides(node: Node, context: PassContext): boolean {
  switch (node.opType) {
    case 'AveragePool':
    case 'GlobalAveragePool':
      return true;
    case 'Resize':
    case 'Upsample':
      return attrString(node, 'mode', 'nearest') === 'linear';
    case 'ReduceMean':
      return isSpatialMean(node, context);
    default:
      return false;
  }
}

function isSpatialMean(node: Node, context: PassContext): boolean {
  const rank = node.inputs[0]?.shape?.length ?? 0;
  const stated = node.inputs[1] ? context.numbers(node.inputs[1]) : attrInts(node, 'axes');
  const keeps = node.attributes.get('keepdims');
  if (rank !== 4 || !stated || (keeps?.type === 'int' && keeps.value === 0n)) return false;
  const axes = [...stated].map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
  return axes.join() === '2,3';
}

/** Operators that move or pick elements of their first input and compute none, where TensorRT lets Q and DQ pass. */
export function movesElements(node: Node, context: PassContext): boolean {
  switch (node.opType) {
    case 'MaxPool':
      return node.outputs.length === 1;
    case 'GlobalMaxPool':
    case 'Transpose':
    case 'Reshape':
    case 'Flatten':
    case 'Squeeze':
    case 'Unsqueeze':
    case 'DepthToSpace':
    case 'SpaceToDepth':
    case 'Identity':
      return true;
    case 'Resize':
    case 'Upsample':
      return attrString(node, 'mode', 'nearest') === 'nearest';
    case 'Slice':
      return (
        !node.inputs[4] || (context.numbers(node.inputs[4])?.every((step) => step === 1) ?? false)
      );
    case 'Pad':
      return isZeroPad(node, context);
    default:
      return false;
  }
}

function isZeroPad(node: Node, context: PassContext): boolean {
  const fill = node.inputs[2] ? context.numbers(node.inputs[2])?.[0] : 0;
  const value = node.attributes.get('value');
  const stated = value?.type === 'float' ? value.value : fill;
  return attrString(node, 'mode', 'constant') === 'constant' && stated === 0;
}

/** True where the layer that makes a value would compute a Q behind it in its own epilogue, if that Q is its only reader. */
export function takesQuantizer(value: Value, context: PassContext, steps = MAX_STEPS): boolean {
  const maker = value.producer();
  if (!maker || steps <= 0) return false;
  if (CONVOLUTIONS.has(maker.opType)) return isQuantizedConvolution(maker);
  if (ELEMENTWISE.has(maker.opType) || ACTIVATIONS.has(maker.opType)) return true;
  const [source] = maker.inputs;
  if (!source) return false;
  if (needsBothSides(maker, context)) return dequantizeBefore(source) !== null;
  if (maker.opType === 'Concat')
    return dataInputs(maker).every((part) => takesAlone(part, context, steps));
  if (maker.opType === 'BatchNormalization' || movesElements(maker, context))
    return dequantizeBefore(source) !== null || takesAlone(source, context, steps);
  return false;
}

const takesAlone = (value: Value, context: PassContext, steps: number): boolean =>
  soleUse(value) !== null && takesQuantizer(value, context, steps - 1);

/** True where a reader computes on integers, or may do so for all we know, if its input comes from a DQ. */
export function mayUseInt8({ node, index }: Use, context: PassContext, steps = MAX_STEPS): boolean {
  if (index < 0 || steps <= 0 || node.domain !== '') return true;
  if (FLOAT_ONLY.has(node.opType)) return false;
  if (node.opType === 'Slice' && index === 0 && !movesElements(node, context)) return false;
  if (needsBothSides(node, context))
    return node.outputs.some((value) => quantizesOf(value).length > 0);
  if (ACTIVATIONS.has(node.opType) || movesElements(node, context)) {
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
  if (CONVOLUTIONS.has(maker.opType) || FLOAT_ONLY.has(maker.opType)) return false;
  if (maker.opType === 'MatMul' || maker.opType === 'Gemm') return false;
  if (!source) return true;
  if (needsBothSides(maker, context)) return dequantizeBefore(source) !== null;
  if (maker.opType === 'BatchNormalization' || movesElements(maker, context))
    return dequantizeBefore(source) !== null || needsQuantizer(source, context, steps - 1);
  if (isReluLike(maker, context) && isConvolutionResult(source)) return false;
  return !isFloatIsland(maker, context);
}

/** Relu, and a Clip from 0, which convolutions take in any precision. */
export function isReluLike(node: Node, context: PassContext): boolean {
  if (node.opType === 'Relu') return true;
  const lowest = node.attributes.get('min');
  const stated = lowest?.type === 'float' ? lowest.value : context.numbers(node.inputs[1])?.[0];
  return node.opType === 'Clip' && stated === 0;
}

const isConvolutionResult = (value: Value): boolean => {
  const maker = value.producer();
  const before = maker?.opType === 'BatchNormalization' ? maker.inputs[0]?.producer() : maker;
  return before?.opType === 'Conv' && closedUses(value)?.length === 1;
};

/** An element-wise operator none of whose operands comes from INT8. */
const isFloatIsland = (node: Node, context: PassContext): boolean =>
  (ELEMENTWISE.has(node.opType) || ACTIVATIONS.has(node.opType)) &&
  dataInputs(node).every(
    (value) =>
      dequantizeBefore(value) === null &&
      !isQuantizedConvolution(value.producer()) &&
      !needsQuantizer(value, context, MAX_STEPS / 4),
  );

/** True for a Q whose input is computed: weights have theirs for good. */
export const isActivationQuantize = (node: Node): boolean =>
  isQuantizeNode(node) && !isConstantThroughQuantizers(node.inputs[0]);

/** The Q that takes a value for all its readers, at once or behind nodes that only move elements. */
export function quantizeBehind(
  value: Value | null | undefined,
  context: PassContext,
  steps = MAX_STEPS,
): Node | null {
  const direct = commonQuantize(value, context);
  const use = direct || steps <= 0 ? null : soleUse(value);
  if (use?.index !== 0 || !movesElements(use.node, context)) return direct;
  return quantizeBehind(use.node.outputs[0], context, steps - 1);
}
