import { isFloatType } from '../../ir/data-type.ts';
import type { Node, Value } from '../../ir/graph.ts';
import { constantOf } from '../../ir/quantizer-nodes.ts';
import { matchesAny } from '../is-excluded.ts';
import type { PassSettings } from '../rewrite-pass.ts';

/**
 * Operators that easily leave the range of half precision (65504), or lose what they are for in its 11 bits: exponentials
 * and powers, sums of many numbers, and normalizations, which square what they read.
 */
export const OVERFLOWING = [
  ...(['Exp', 'Pow', 'Softplus', 'Log', 'Reciprocal', 'CumSum'] as const),
  ...(['ReduceSum', 'ReduceSumSquare', 'ReduceL1', 'ReduceL2', 'ReduceProd'] as const),
  ...(['ReduceLogSum', 'ReduceLogSumExp', 'LpNormalization', 'LRN'] as const),
  ...(['LayerNormalization', 'InstanceNormalization', 'GroupNormalization'] as const),
  ...(['RMSNormalization', 'MeanVarianceNormalization'] as const),
] as const;

/** Operators that TensorRT runs in half precision as well as in FP32, with one float type for data and result. */
export const HALF_OPERATORS: readonly string[] = [
  'Conv ConvTranspose Gemm MatMul Einsum BatchNormalization Relu LeakyRelu PRelu Sigmoid Tanh Elu Selu Celu',
  'HardSigmoid HardSwish Mish Gelu Softsign Clip Erf Add Sub Mul Div Neg Abs Sqrt Min Max Sum Mean Floor Ceil',
  'MaxPool AveragePool GlobalAveragePool GlobalMaxPool ReduceMean ReduceMax ReduceMin Softmax LogSoftmax',
  'Concat Split Slice Gather GatherElements GatherND ScatterND ScatterElements Reshape Flatten Squeeze Unsqueeze',
  'Transpose Expand Tile Pad DepthToSpace SpaceToDepth Resize Where Identity Dropout TopK Sin Cos',
  'Greater Less Equal',
].flatMap((line) => line.split(' '));

/** What goes on with such a number before it is small again: variance, epsilon, square root. */
const CARRYING = new Set(['ReduceMean', 'Add', 'Sqrt', 'Identity', 'Sum']);
/** Further back nobody looks. */
const MAX_DEPTH = 8;

const overflowing: ReadonlySet<string> = new Set(OVERFLOWING);

/** Why a node keeps FP32 where the rest of the network becomes FP16; undefined where it does not. */
export function reasonToKeep(node: Node, { keepFloat32 = [] }: PassSettings): string | undefined {
  if (matchesAny(node, keepFloat32)) return 'it is to keep FP32';
  if (overflowing.has(node.opType)) return `${node.opType} may leave the range of half precision`;
  const source = carriedFrom(node, 0);
  if (source)
    return `it goes on with what ${source.name} makes, which may leave the range of half precision`;
  return isFromIntegers(node, 0) ? 'it computes with integers or shapes' : undefined;
}

/** The operator whose large numbers a node goes on with. */
function carriedFrom(node: Node, depth: number): Node | undefined {
  if (!CARRYING.has(node.opType) || depth > MAX_DEPTH) return undefined;
  const variable = variableInputs(node);
  const maker = variable.length === 1 ? variable[0]?.producer() : null;
  if (!maker) return undefined;
  return overflowing.has(maker.opType) && maker.opType !== 'LayerNormalization'
    ? maker
    : carriedFrom(maker, depth + 1);
}

/** True when all that a node computes with began as integers: shapes have no room in 11 bits. */
function isFromIntegers(node: Node, depth: number): boolean {
  const variable = variableInputs(node);
  return (
    depth <= MAX_DEPTH &&
    variable.length > 0 &&
    variable.every((value) => {
      const maker = value.producer();
      if (maker?.opType !== 'Cast') return maker ? isFromIntegers(maker, depth + 1) : false;
      const type = maker.inputs[0]?.dataType;
      return type !== undefined && !isFloatType(type);
    })
  );
}

const variableInputs = (node: Node): readonly Value[] =>
  node.inputs.filter(
    (value): value is Value =>
      value !== null &&
      constantOf(value) === undefined &&
      value.dataType !== undefined &&
      isFloatType(value.dataType),
  );
