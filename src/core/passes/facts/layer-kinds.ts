import type { Node } from '../../ir/graph.ts';
import { attrInt, attrInts, attrString } from '../../ir/node-attributes.ts';
import type { PassContext } from '../rewrite-pass.ts';

const WEIGHTED: ReadonlySet<string> = new Set(['Conv', 'ConvTranspose', 'Gemm', 'MatMul']);
const CONVOLUTIONS: ReadonlySet<string> = new Set(['Conv', 'ConvTranspose']);

/** True for convolutions and matrix products. */
export const isWeighted = ({ opType, domain }: Node): boolean =>
  domain === '' && WEIGHTED.has(opType);

/** True for convolutions and deconvolutions. */
export const isConvolution = ({ opType, domain }: Node): boolean =>
  domain === '' && CONVOLUTIONS.has(opType);

/** Element-wise operators of two computed operands that TensorRT runs in INT8 between Q/DQ. */
const POINTWISE_PAIRS: ReadonlySet<string> = new Set(['Add', 'Sub', 'Mul', 'Div', 'Max', 'Min']);
export const isPointwisePair = ({ opType, domain }: Node): boolean =>
  domain === '' && POINTWISE_PAIRS.has(opType);

/** Those and others over several tensors, element by element. */
export const isElementwise = (node: Node): boolean =>
  isPointwisePair(node) || (node.domain === '' && (node.opType === 'Sum' || node.opType === 'Pow'));

/** Operators of one computed input that become point-wise layers, or go into the convolution before. */
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
  // by itself in float; a GELU that is spelled out is one activation all the same
  'Erf',
]);
export const isActivation = ({ opType, domain }: Node): boolean =>
  domain === '' && ACTIVATIONS.has(opType);

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
export const isFloatOnly = ({ opType }: Node): boolean => FLOAT_ONLY.has(opType);

/** True for a convolution with as many groups as channels. */
export const isDepthwise = (conv: Node): boolean => {
  const groups = attrInt(conv, 'group', 1);
  return groups > 1 && conv.inputs[1]?.shape?.[1] === 1;
};

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

/** Relu, and a Clip from 0, which convolutions take in any precision. */
export function isReluLike(node: Node, context: PassContext): boolean {
  if (node.opType === 'Relu') return true;
  const lowest = node.attributes.get('min');
  const stated = lowest?.type === 'float' ? lowest.value : context.numbers(node.inputs[1])?.[0];
  return node.opType === 'Clip' && stated === 0;
}
