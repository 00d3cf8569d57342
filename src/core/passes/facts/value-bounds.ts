import type { DataType } from '../../ir/data-type.ts';
import type { Node, Value } from '../../ir/graph.ts';
import { attrFloat, attrInt, attrString } from '../../ir/node-attributes.ts';
import { constantOf, isDequantizeNode, isQuantizeNode } from '../../ir/quantizer-nodes.ts';
import { elementCount } from '../../ir/tensor.ts';
import type { Tensor } from '../../ir/tensor.ts';
import type { PassContext } from '../rewrite-pass.ts';
import { quantizerFacts } from './quantizer-facts.ts';

/** Every element of a value lies between these two; infinite where nothing is known. NaN is not spoken of. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

const ANY: Bounds = { min: -Infinity, max: Infinity };
/** Values that one question may look at: chains are walked upward, and branches with them. */
const MAX_VISITS = 64;
/**
 * Larger constants are not looked through: they lie in files, trained weights have both signs, and those of one sign, as
 * for bilinear upsampling, are small.
 */
const MAX_ELEMENTS = 1 << 16;

/** How far a walk has come: what it knows, and what it may still look at. */
interface Walk {
  readonly context: PassContext;
  readonly known: Map<Value, Bounds>;
  left: number;
}
type Rule = (node: Node, walk: Walk) => Bounds;

/**
 * Bounds by interval arithmetic over the nodes above a value: what ranges activations, poolings and quantizers give, and
 * signs through convolutions whose weights have one. Ends that come from arithmetic are widened by more than float32
 * rounds; 0 stays 0, for rounding changes no sign.
 */
export const boundsOf = (value: Value | null | undefined, context: PassContext): Bounds =>
  look(value, { context, known: new Map(), left: MAX_VISITS });

function look(value: Value | null | undefined, walk: Walk): Bounds {
  if (!value || walk.left-- <= 0) return ANY;
  const known = walk.known.get(value);
  if (known) return known;
  walk.known.set(value, ANY); // a cycle knows nothing
  const found = derive(value, walk);
  walk.known.set(value, found);
  return found;
}

function derive(value: Value, walk: Walk): Bounds {
  const tensor = constantOf(value);
  if (tensor)
    return elementCount(tensor.dims) > MAX_ELEMENTS
      ? ANY
      : (measured.get(tensor) ?? constantBounds(tensor, walk.context.numbers(value)));
  const node = value.producer();
  if (!node) return typeBounds(value.dataType);
  if (isQuantizeNode(node)) return ANY;
  if (isDequantizeNode(node)) return dequantized(node, walk);
  // second outputs are indices and masks
  if (node.outputs[0] !== value && node.opType !== 'Split') return typeBounds(value.dataType);
  return node.domain === '' ? (RULES[node.opType]?.(node, walk) ?? ANY) : ANY;
}

/** Weights are looked at by every convolution that reads them, and again in every run. */
const measured = new WeakMap<Tensor, Bounds>();

function constantBounds(tensor: Tensor, numbers: Float64Array | undefined): Bounds {
  if (!numbers || tensor.placeholder) return ANY;
  let [min, max] = [Infinity, -Infinity];
  for (const number of numbers) {
    if (number < min) min = number;
    if (number > max) max = number;
  }
  const bounds = min <= max ? { min, max } : ANY;
  measured.set(tensor, bounds);
  return bounds;
}

const typeBounds = (type: DataType | undefined): Bounds =>
  type === 'bool' || type?.startsWith('uint') ? { min: 0, max: Infinity } : ANY;

/**
 * A Q and its DQ change no sign, for 0 is on every grid. Stored codes keep theirs where 0 stands for 0. The size of codes
 * bounds the magnitude of a per-tensor DQ.
 */
function dequantized(node: Node, walk: Walk): Bounds {
  const { type, zeros, isSymmetric, scale } = quantizerFacts(node, walk.context);
  if (scale !== undefined && scale <= 0) return ANY;
  const isUnsigned = type?.startsWith('uint') === true && zeros?.every((zero) => zero === 0);
  const maker = node.inputs[0]?.producer();
  const isPair = isQuantizeNode(maker);
  if (!isPair && !isSymmetric) return isUnsigned ? { min: 0, max: Infinity } : ANY;
  const source = look(isPair ? maker?.inputs[0] : node.inputs[0], walk);
  const top = isSymmetric && type === 'int8' && scale !== undefined ? 128 * scale : Infinity;
  return { min: source.min >= 0 || isUnsigned ? 0 : -top, max: source.max <= 0 ? 0 : top };
}

const widen = ({ min, max }: Bounds): Bounds => ({
  min: Number.isNaN(min) ? -Infinity : min - Math.abs(min) * ROUNDING,
  max: Number.isNaN(max) ? Infinity : max + Math.abs(max) * ROUNDING,
});
/** More than float16 rounds. */
const ROUNDING = 2 ** -9;

const input =
  (index: number): Rule =>
  (node, walk) =>
    look(node.inputs[index], walk);
const inputs = (node: Node, walk: Walk): Bounds[] =>
  node.inputs.flatMap((value) => (value ? [look(value, walk)] : []));
const same = input(0);
const within = (min: number, max: number): Rule => {
  const range = { min, max };
  return () => range;
};
const union = (all: readonly Bounds[]): Bounds => ({
  min: Math.min(...all.map(({ min }) => min)),
  max: Math.max(...all.map(({ max }) => max)),
});
const ZERO: Bounds = { min: 0, max: 0 };

/** 0 times infinity is 0 here: infinite ends stand for numbers that are finite. */
const times = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : a * b);

function product(a: Bounds, b: Bounds): Bounds {
  const ends = [times(a.min, b.min), times(a.min, b.max), times(a.max, b.min), times(a.max, b.max)];
  return widen({ min: Math.min(...ends), max: Math.max(...ends) });
}

const multiply: Rule = (node, walk) => {
  const [a = ANY, b = ANY] = inputs(node, walk);
  const { min, max } = product(a, b);
  return node.inputs[0] === node.inputs[1] ? { min: 0, max } : { min, max };
};

const divide: Rule = (node, walk) => {
  const [a = ANY, b = ANY] = inputs(node, walk);
  return b.min > 0 ? product(a, { min: 1 / b.max, max: 1 / b.min }) : ANY;
};

const add: Rule = (node, walk) =>
  inputs(node, walk).reduce((a, b) => widen({ min: a.min + b.min, max: a.max + b.max }), ZERO);

const subtract: Rule = (node, walk) => {
  const [a = ANY, b = ANY] = inputs(node, walk);
  return widen({ min: a.min - b.max, max: a.max - b.min });
};

/** Sums of products: only their sign is told. Small operands are looked at first, for they decide most often. */
const weighted: Rule = (node, walk) => {
  const bias = node.inputs[2];
  if (bias && look(bias, walk).min < 0) return ANY;
  if (attrFloat(node, 'alpha', 1) < 0 || attrFloat(node, 'beta', 1) < 0) return ANY;
  if (look(node.inputs[0], walk).min < 0) return ANY;
  return look(node.inputs[1], walk).min >= 0 ? { min: 0, max: Infinity } : ANY;
};

const batchNormalization: Rule = (node, walk) => {
  const [source, gamma, beta, mean] = inputs(node, walk);
  if (!source || !gamma || !beta || !mean || source.min < 0) return ANY;
  const isRising = gamma.min >= 0 && beta.min >= 0 && mean.max <= 0;
  return isRising ? { min: 0, max: Infinity } : ANY;
};

const clip: Rule = (node, walk) => {
  const source = same(node, walk);
  const min = node.inputs[1] ? look(node.inputs[1], walk).min : attrFloat(node, 'min', -Infinity);
  const max = node.inputs[2] ? look(node.inputs[2], walk).max : attrFloat(node, 'max', Infinity);
  const end = (number: number): number => Math.min(Math.max(number, min), max);
  return { min: end(source.min), max: end(source.max) };
};

const pad: Rule = (node, walk) => {
  if (attrString(node, 'mode', 'constant') !== 'constant') return same(node, walk);
  const fill = attrFloat(node, 'value', 0);
  const filled = node.inputs[2] ? look(node.inputs[2], walk) : { min: fill, max: fill };
  return union([same(node, walk), filled]);
};

const resize: Rule = (node, walk) => {
  const crops = attrString(node, 'coordinate_transformation_mode', '') === 'tf_crop_and_resize';
  const mode = attrString(node, 'mode', 'nearest');
  return crops || mode === 'cubic' ? ANY : same(node, walk);
};

/** Sums keep a sign and may grow. */
const signOnly: Rule = (node, walk) => {
  const { min, max } = same(node, walk);
  return { min: min >= 0 ? 0 : -Infinity, max: max <= 0 ? 0 : Infinity };
};

const cast: Rule = (node, walk) => {
  const type = node.outputs[0]?.dataType;
  return type === 'float32' || type === 'float64' || type?.includes('float16')
    ? widen(same(node, walk))
    : typeBounds(type);
};

/** Those of an average that padding with 0 may enter. */
const average: Rule = (node, walk) => {
  const range = widen(same(node, walk));
  return attrInt(node, 'count_include_pad', 0) === 1 ? union([range, ZERO]) : range;
};

const positive = within(0, Infinity);
const unit = within(0, 1 + ROUNDING);
const joined: Rule = (node, walk) => union(inputs(node, walk));

const RULES: Readonly<Record<string, Rule>> = {
  // its upper end is seldom asked for, and most walks end here
  Relu: positive,
  Clip: clip,
  Sigmoid: unit,
  HardSigmoid: unit,
  Softmax: unit,
  Tanh: within(-1 - ROUNDING, 1 + ROUNDING),
  Erf: within(-1 - ROUNDING, 1 + ROUNDING),
  Abs: positive,
  Exp: positive,
  Sqrt: positive,
  Softplus: positive,
  ThresholdedRelu: positive,
  ReduceL1: positive,
  ReduceL2: positive,
  ReduceSumSquare: positive,
  ReduceSum: signOnly,
  Add: add,
  Sum: add,
  Sub: subtract,
  Mul: multiply,
  Div: divide,
  Max: (node, walk) => {
    const all = inputs(node, walk);
    return {
      min: Math.max(...all.map(({ min }) => min)),
      max: Math.max(...all.map(({ max }) => max)),
    };
  },
  Min: (node, walk) => {
    const all = inputs(node, walk);
    return {
      min: Math.min(...all.map(({ min }) => min)),
      max: Math.min(...all.map(({ max }) => max)),
    };
  },
  Conv: weighted,
  ConvTranspose: weighted,
  Gemm: weighted,
  MatMul: weighted,
  BatchNormalization: batchNormalization,
  Concat: joined,
  Where: (node, walk) => union(node.inputs.slice(1).map((value) => look(value, walk))),
  Pad: pad,
  Resize: resize,
  Upsample: resize,
  Cast: cast,
  AveragePool: average,
  GlobalAveragePool: average,
  ReduceMean: average,
  MaxPool: same,
  GlobalMaxPool: same,
  ReduceMax: same,
  ReduceMin: same,
  Reshape: same,
  Flatten: same,
  Squeeze: same,
  Unsqueeze: same,
  Transpose: same,
  DepthToSpace: same,
  SpaceToDepth: same,
  Slice: same,
  Split: same,
  Gather: same,
  Expand: same,
  Tile: same,
  Identity: same,
  Dropout: same,
};
