import type { Node, Value } from '../ir/graph.ts';
import { attrInt } from '../ir/node-attributes.ts';
import type { PredictedLayer } from '../sim/predicted-engine.ts';
import type { LintContext } from './lint-context.ts';
import type { QuantizerFacts } from './quantizer-facts.ts';

/** Element-wise operators that add up a residual block. */
const SUMS: ReadonlySet<string> = new Set(['Add', 'Sum', 'Max', 'Min']);
export const isSum = (node: Node): boolean => SUMS.has(node.opType);

/** Operators that move or pick elements and compute none, so that scales pass through them unchanged. */
const COPYING: ReadonlySet<string> = new Set([
  'MaxPool',
  'GlobalMaxPool',
  'Reshape',
  'Flatten',
  'Squeeze',
  'Unsqueeze',
  'Transpose',
  'Slice',
  'DepthToSpace',
  'SpaceToDepth',
]);
export const isCopying = (node: Node): boolean => COPYING.has(node.opType);

export const isRelu = ({ opType }: Node): boolean => opType === 'Relu' || opType === 'Clip';

/** Inputs that are computed when the network runs. */
export const dataInputs = (node: Node, context: LintContext): Value[] =>
  node.inputs.filter((v): v is Value => v !== null && v.name !== '' && !context.isConstant(v));

/** The convolution or matrix product that makes a value, through a BatchNorm, an Identity and a bias or not. */
export function weightedMaker(value: Value, context: LintContext): Node | undefined {
  let maker = value.producer();
  while (
    maker &&
    (maker.opType === 'BatchNormalization' || maker.opType === 'Identity') &&
    maker.inputs[0]
  )
    maker = maker.inputs[0].producer();
  return context.isWeighted(maker) ? maker : undefined;
}

/** Q and DQ in front of a value that is read: the pair that quantizes it. */
export interface Pair {
  readonly q: QuantizerFacts;
  readonly dq: QuantizerFacts;
}

/** The Q/DQ pair through which `value` comes, when its data is computed. */
export function pairBehind(value: Value, context: LintContext): Pair | undefined {
  const dq = context.dequantizeOf(value);
  const q = dq && context.quantizer(dq.data.producer());
  return dq && q?.kind === 'Q' && !q.onWeight ? { q, dq } : undefined;
}

/** True for a layer that computes on INT8. */
export const isInt8 = (layer: PredictedLayer | undefined): layer is PredictedLayer =>
  layer?.role === 'compute' && layer.precision === 'int8';

const FLOATS: ReadonlySet<string> = new Set(['fp32', 'fp16', 'bf16']);
/** True for a layer that computes in float. */
export const isFloat = (layer: PredictedLayer | undefined): layer is PredictedLayer =>
  layer?.role === 'compute' && FLOATS.has(layer.precision);

/** `FP32`, or `float` where TensorRT decides by timing. */
export function floatText(layer: PredictedLayer): string {
  if (layer.uncertain) return 'float';
  return layer.precision === 'fp32' ? 'FP32' : layer.precision.toUpperCase();
}

/** Channels in and out and groups of a convolution or deconvolution; undefined while its weight's shape is unknown. */
export function channelsOf(
  node: Node,
  context: LintContext,
): { input: number; output: number; groups: number } | undefined {
  const weight = node.inputs[1];
  const dims = weight && context.dims(weight);
  const [first, second] = dims ?? [];
  if (first === undefined || second === undefined) return undefined;
  const groups = attrInt(node, 'group', 1);
  return node.opType === 'ConvTranspose'
    ? { input: first, output: second * groups, groups }
    : { input: second * groups, output: first, groups };
}
