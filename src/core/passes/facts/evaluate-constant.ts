import { byteSize, isFloatType } from '../../ir/data-type.ts';
import type { DataType } from '../../ir/data-type.ts';
import { DATA_TYPES } from '../../ir/data-type.ts';
import type { Node } from '../../ir/graph.ts';
import { attrInt, attrInts, attrTensor } from '../../ir/node-attributes.ts';
import { elementCount } from '../../ir/tensor.ts';
import { tensorNumbers } from '../../ir/tensor-values.ts';
import { transposeNumbers } from './transpose-numbers.ts';

/** A constant with its elements, row major. */
export interface ConstantNumbers {
  readonly dataType: DataType;
  readonly dims: readonly number[];
  readonly numbers: Float64Array;
}

type Inputs = readonly (ConstantNumbers | null)[];
type Evaluate = (node: Node, inputs: Inputs) => ConstantNumbers | undefined;

/** Arithmetic whose result in double, rounded once to float32, is the float32 result. */
const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
};
const EXACT_TYPES = new Set<DataType>(['float32', 'float64']);

/** The same numbers in another shape: the one that inference found for the output. */
const reshaped: Evaluate = (node, [data]) => {
  const dims = staticDims(node);
  return data && dims && elementCount(dims) === data.numbers.length ? { ...data, dims } : undefined;
};

const transposed: Evaluate = (node, [data]) => {
  if (!data) return undefined;
  const { dims, numbers, dataType } = data;
  const perm = attrInts(node, 'perm') ?? dims.map((_, i) => dims.length - 1 - i);
  if (perm.length !== dims.length || new Set(perm).size !== perm.length) return undefined;
  return {
    dataType,
    dims: perm.map((at) => dims[at] ?? 1),
    numbers: transposeNumbers(numbers, dims, perm),
  };
};

const cast: Evaluate = (node, [data]) => {
  const dataType = DATA_TYPES[attrInt(node, 'to', 0)];
  if (!data || dataType === undefined || byteSize(dataType, 1) === undefined) return undefined;
  if (isFloatType(dataType)) {
    // Small floats saturate or not by an attribute: left alone.
    const isPlain = dataType === 'float32' || dataType === 'float16' || dataType === 'float64';
    return isPlain ? { ...data, dataType } : undefined;
  }
  const numbers =
    dataType === 'bool' ? data.numbers.map((x) => (x === 0 ? 0 : 1)) : data.numbers.map(Math.trunc);
  return fits(dataType, numbers) ? { ...data, dataType, numbers } : undefined;
};

const filled: Evaluate = (node, [shape]) => {
  if (!shape) return undefined;
  const tensor = attrTensor(node, 'value');
  const value = tensor ? tensorNumbers(tensor)?.[0] : 0;
  const dims = [...shape.numbers];
  const count = elementCount(dims);
  if (value === undefined || !(count <= LARGEST_FILL)) return undefined;
  const numbers = new Float64Array(count).fill(value);
  return { dataType: tensor?.dataType ?? 'float32', dims, numbers };
};

/** Elements that a fill may make: more than the limit on growth, which the pass knows, allows for any type. */
const LARGEST_FILL = 2 ** 21;

const concatenated: Evaluate = (node, inputs) => {
  const parts = inputs.filter((part) => part !== null);
  const dims = staticDims(node);
  const [first] = parts;
  if (!first || !dims || parts.length !== inputs.length) return undefined;
  const axis = attrInt(node, 'axis', 0);
  const front = axis < 0 ? axis + dims.length : axis;
  const outer = elementCount(dims.slice(0, front));
  const numbers = new Float64Array(elementCount(dims));
  let at = 0;
  for (let i = 0; i < outer; i++)
    for (const part of parts) {
      const run = part.numbers.length / outer;
      numbers.set(part.numbers.subarray(i * run, (i + 1) * run), at);
      at += run;
    }
  return at === numbers.length ? { dataType: first.dataType, dims, numbers } : undefined;
};

const calculated: Evaluate = (node, [a, b]) => {
  const calculate = ARITHMETIC[node.opType];
  const dims = staticDims(node);
  if (!a || !b || !calculate || !dims || a.dataType !== b.dataType) return undefined;
  if (!EXACT_TYPES.has(a.dataType)) return undefined;
  const [ofA, ofB] = [a, b].map((side) => broadcastIndex(side.dims, dims));
  const numbers = new Float64Array(elementCount(dims));
  for (let i = 0; i < numbers.length; i++)
    numbers[i] = calculate(a.numbers[ofA?.(i) ?? 0]!, b.numbers[ofB?.(i) ?? 0]!);
  return { dataType: a.dataType, dims, numbers };
};

const EVALUATORS: ReadonlyMap<string, Evaluate> = new Map<string, Evaluate>([
  ...['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze'].map((name) => [name, reshaped] as const),
  ...Object.keys(ARITHMETIC).map((name) => [name, calculated] as const),
  ['Transpose', transposed],
  ['Cast', cast],
  ['Concat', concatenated],
  ['ConstantOfShape', filled],
]);

/** What a node makes of constants, to the bit; undefined for operators and types that we do not compute so. */
export const evaluateConstant: Evaluate = (node, inputs) =>
  EVALUATORS.get(node.opType)?.(node, inputs);

/** The shape of the output where it has numbers only. */
function staticDims(node: Node): readonly number[] | undefined {
  const shape = node.outputs[0]?.shape;
  return shape?.every((dim) => typeof dim === 'number') ? shape : undefined;
}

/** Where element `i` of a result of shape `to` comes from in an operand of shape `from`. */
function broadcastIndex(from: readonly number[], to: readonly number[]): (i: number) => number {
  const missing = to.length - from.length;
  return (i) => {
    let [rest, index, stride] = [i, 0, 1];
    for (let axis = to.length - 1; axis >= missing; axis--) {
      const dim = from[axis - missing]!;
      if (dim > 1) index += (rest % to[axis]!) * stride;
      rest = Math.floor(rest / to[axis]!);
      stride *= dim;
    }
    return index;
  };
}

const RANGES: Readonly<Partial<Record<DataType, readonly [number, number]>>> = {
  bool: [0, 1],
  int8: [-128, 127],
  uint8: [0, 255],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int64: [-(2 ** 53), 2 ** 53],
};

function fits(dataType: DataType, numbers: Float64Array): boolean {
  const range = RANGES[dataType];
  return range !== undefined && numbers.every((x) => x >= range[0] && x <= range[1]);
}
