import type { Dim, Node, Value } from '../../ir/graph.ts';
import { attrFloat, attrInt, attrInts, attrString } from '../../ir/node-attributes.ts';
import { elementCount } from '../../ir/tensor.ts';
import { tensorNumbers } from '../../ir/tensor-values.ts';
import { constantOf } from '../../ir/quantizer-nodes.ts';
import type { LayerParameters } from './layer-parameters.ts';
import type { KnownNumbers } from './quantizer-key.ts';
import { weightSource } from './weight-source.ts';

type Reader = (node: Node, known: KnownNumbers) => LayerParameters & { readonly op?: string };

const shapeOf = (value: Value | null | undefined): readonly Dim[] => value?.shape ?? [];
const numberAt = (dims: readonly Dim[], index: number): number | undefined => {
  const dim = dims[index];
  return typeof dim === 'number' ? dim : undefined;
};
const positive = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

function convolution(node: Node): LayerParameters {
  const weights = shapeOf(node.inputs[1]);
  const groups = attrInt(node, 'group', 1);
  const transposed = node.opType === 'ConvTranspose';
  const spatial = weights.slice(2).filter((dim): dim is number => typeof dim === 'number');
  const across = numberAt(weights, 1);
  const along = numberAt(weights, 0);
  const perGroup = across === undefined ? undefined : across * groups;
  const [input, output] = transposed ? [along, perGroup] : [perGroup, along];
  return {
    kernel: attrInts(node, 'kernel_shape') ?? spatial,
    strides: attrInts(node, 'strides') ?? spatial.map(() => 1),
    groups,
    ...(hasDynamicBias(node) && { dynamicBias: true }),
    ...(input !== undefined && { inputChannels: input }),
    ...(output !== undefined && { outputChannels: output }),
  };
}

/** Initializers and what Constant nodes hold are weights of the layer; everything else is an input of it. */
const hasDynamicBias = ({ inputs: [, , bias] }: Node): boolean =>
  bias !== null && bias !== undefined && bias.name !== '' && constantOf(bias) === undefined;

const pooling: Reader = (node) => {
  const kernel = attrInts(node, 'kernel_shape') ?? [];
  return { kernel, strides: attrInts(node, 'strides') ?? kernel.map(() => 1) };
};

/** Reduction axes, not negative; `undefined` means all. Global pooling reduces everything behind the channels. */
const reduce: Reader = (node, known) => {
  const rank = shapeOf(node.inputs[0]).length;
  if (node.opType.startsWith('Global')) return { reducedAxes: range(2, rank), keepDims: true };
  const axes = attrInts(node, 'axes') ?? known(node.inputs[1]) ?? range(0, rank);
  return {
    reducedAxes: axes.map((axis) => positive(axis, rank)),
    keepDims: attrInt(node, 'keepdims', 1) === 1,
  };
};
const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);

const clip: Reader = (node, known) => {
  const minimum = known(node.inputs[1])?.[0] ?? attrFloat(node, 'min', -Infinity);
  const maximum = known(node.inputs[2])?.[0] ?? attrFloat(node, 'max', Infinity);
  return { minimum, maximum };
};

const concat: Reader = (node) => ({
  axis: positive(attrInt(node, 'axis', 1), shapeOf(node.outputs[0]).length),
});

const slice: Reader = (node, known) => {
  const before = shapeOf(node.inputs[0]);
  const after = shapeOf(node.outputs[0]);
  const slicedAxes = before.flatMap((dim, axis) => (dim === after[axis] ? [] : [axis]));
  const steps = known(node.inputs[4]) ?? [];
  return { slicedAxes, strided: steps.some((step) => step !== 1) };
};

const pad: Reader = (node, known) => {
  const mode = attrString(node, 'mode', 'constant');
  const fill = known(node.inputs[2])?.[0] ?? attrFloat(node, 'value', 0);
  const pads = known(node.inputs[1]) ?? attrInts(node, 'pads') ?? [];
  const rank = pads.length / 2;
  const slicedAxes = range(0, rank).filter((axis) => pads[axis] !== 0 || pads[axis + rank] !== 0);
  const grows = pads.every((amount) => amount >= 0);
  return { slicedAxes, ...(mode === 'constant' && grows && { fill }) };
};

/** A permutation that only moves axes of length 1 leaves the bytes where they are. */
const transpose: Reader = (node) => {
  const dims = shapeOf(node.inputs[0]);
  const order = attrInts(node, 'perm') ?? [...dims.keys()].reverse();
  const real = order.filter((axis) => dims[axis] !== 1);
  const transposes = real.some((axis, i) => i > 0 && axis < (real[i - 1] ?? 0));
  return { transposes, shuffle: transposes ? 'T' : 'R' };
};

const keepsBytes: Reader = () => ({ transposes: false, shuffle: 'R' });

const resize: Reader = (node) => ({ op: attrString(node, 'mode', 'nearest').toUpperCase() });

const matrixMultiply: Reader = (node) => ({
  constantWeights: weightSource(node.inputs[1]) !== undefined,
});

const READERS: Readonly<Record<string, Reader>> = {
  Conv: convolution,
  ConvTranspose: convolution,
  MaxPool: pooling,
  AveragePool: pooling,
  GlobalAveragePool: reduce,
  GlobalMaxPool: reduce,
  ReduceMean: reduce,
  ReduceMax: reduce,
  Clip: clip,
  Concat: concat,
  Slice: slice,
  Split: slice,
  Pad: pad,
  Reshape: keepsBytes,
  Flatten: keepsBytes,
  Squeeze: keepsBytes,
  Unsqueeze: keepsBytes,
  Transpose: transpose,
  DepthToSpace: () => ({ transposes: true, shuffle: 'RT' }),
  SpaceToDepth: () => ({ transposes: true, shuffle: 'RT' }),
  Resize: resize,
  Upsample: resize,
  Gemm: matrixMultiply,
  MatMul: matrixMultiply,
};

/** What rules need to know of a node's attributes and constant inputs; `op` overrides the operator's name. */
export function readParameters(node: Node, known: KnownNumbers): ReturnType<Reader> {
  return READERS[node.opType]?.(node, known) ?? {};
}

/** Numbers of a small constant value, for `KnownNumbers`. */
export function numbersOf(value: Value | null | undefined): readonly number[] | undefined {
  const tensor = constantOf(value);
  if (tensor === undefined || elementCount(tensor.dims) > 4096) return undefined;
  const numbers = tensorNumbers(tensor);
  return numbers && Array.from(numbers);
}
