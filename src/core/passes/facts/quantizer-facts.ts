import type { DataType } from '../../ir/data-type.ts';
import type { Node, Use, Value } from '../../ir/graph.ts';
import { attrInt } from '../../ir/node-attributes.ts';
import {
  constantOf,
  dequantizersOf,
  isDequantizeNode,
  isQuantizeNode,
} from '../../ir/quantizer-nodes.ts';
import type { PassContext } from '../rewrite-pass.ts';

/** What a Q or DQ does to numbers, as far as constants tell. */
export interface QuantizerFacts {
  /** Equal for quantizers that compute the same. A scale that is computed, or waits for calibration, equals only itself. */
  readonly key: string;
  /** The scale of a per-tensor quantizer, where it is known. */
  readonly scale: number | undefined;
  /** A type with negative numbers, and 0 stands for 0: then the quantizer changes no sign. */
  readonly isSymmetric: boolean;
  readonly isPerTensor: boolean;
  /** On the integer side. */
  readonly type: DataType | undefined;
}

/** Signed types that a symmetric quantizer may have. */
const SIGNED: ReadonlySet<DataType | undefined> = new Set<DataType>([
  'int8',
  'int16',
  'int4',
  'float8e4m3fn',
  'float8e5m2',
  'float4e2m1',
]);

/** Reads scale, zero point and type of a Q or DQ. */
export function quantizerFacts(node: Node, context: PassContext): QuantizerFacts {
  const [, scaleValue, zeroPoint] = node.inputs;
  const { scales, zeros, ...facts } = quantizerNumbers(node, context);
  const axis = facts.isPerTensor
    ? ''
    : `${String(attrInt(node, 'axis', 1))}/${String(attrInt(node, 'block_size', 0))}`;
  const numbers = scales ? scales.join(' ') : `of ${scaleValue?.name ?? '?'}`;
  const isZero = zeros?.every((zero) => zero === 0) ?? false;
  const shift = isZero ? '0' : (zeros?.join(' ') ?? `of ${zeroPoint?.name ?? '?'}`);
  const floats = scaleValue?.dataType ?? '?';
  return { ...facts, key: [facts.type ?? '?', floats, axis, numbers, shift].join('|') };
}

/** The facts without the key, which is long where each channel has a scale, and what it is made of. */
export function quantizerNumbers(
  node: Node,
  context: PassContext,
): Omit<QuantizerFacts, 'key'> & {
  readonly scales: Float64Array | undefined;
  readonly zeros: Float64Array | undefined;
} {
  const [, scaleValue, zeroPoint] = node.inputs;
  const type = integerType(node);
  const tensor = constantOf(scaleValue);
  const scales = tensor?.placeholder ? undefined : context.numbers(scaleValue);
  const zeros = zeroPoint ? context.numbers(zeroPoint) : new Float64Array(1);
  const isPerTensor = (tensor?.dims ?? scaleValue?.shape ?? [2]).every((dim) => dim === 1);
  const isSymmetric = SIGNED.has(type) && (zeros?.every((zero) => zero === 0) ?? false);
  return {
    scale: isPerTensor ? scales?.[0] : undefined,
    isSymmetric,
    isPerTensor,
    type,
    scales,
    zeros,
  };
}

/** The type on the integer side. Without zero point and `output_dtype` ONNX says uint8. */
function integerType(node: Node): DataType | undefined {
  const [input, , zeroPoint] = node.inputs;
  const side = isDequantizeNode(node) ? input : node.outputs[0];
  return side?.dataType ?? zeroPoint?.dataType ?? (isDequantizeNode(node) ? undefined : 'uint8');
}

/** A Q whose integers only DQs with the same scale read, on a computed value. */
export interface WholePair {
  readonly quantize: Node;
  readonly dequantizers: readonly Node[];
  readonly source: Value;
  readonly facts: QuantizerFacts;
}

/** The pair that begins with `quantize`; null where it is none, or stands on a constant. */
export function wholePair(quantize: Node, context: PassContext): WholePair | null {
  const [source] = quantize.inputs;
  const [integers] = quantize.outputs;
  if (!isQuantizeNode(quantize) || !source || !integers || constantOf(source)) return null;
  const dequantizers = dequantizersOf(quantize);
  if (dequantizers.length === 0 || integers.isGraphOutput) return null;
  if (integers.useCount !== dequantizers.length) return null;
  const facts = quantizerFacts(quantize, context);
  const isWhole = dequantizers.every((node) => quantizerFacts(node, context).key === facts.key);
  return isWhole ? { quantize, dequantizers, source, facts } : null;
}

/** Who reads a value, if that is known in full; null where it is also an output, or a subgraph reads it by name. */
export function closedUses(value: Value | null | undefined): readonly Use[] | null {
  if (!value || value.isGraphOutput) return null;
  const uses = value.uses();
  return uses.length > 0 && uses.every(({ index }) => index >= 0) ? uses : null;
}

/** The only read of a value, if there is one alone. */
export function soleUse(value: Value | null | undefined): Use | null {
  const uses = closedUses(value);
  return uses?.length === 1 ? (uses[0] ?? null) : null;
}

/** The Q nodes that read a value. */
export const quantizesOf = (value: Value | null | undefined): readonly Node[] =>
  (value?.consumers() ?? []).filter(isQuantizeNode);

/** One of the per-tensor Qs with one scale that take a value for all its readers; null where readers differ. */
export function commonQuantize(value: Value | null | undefined, context: PassContext): Node | null {
  const uses = closedUses(value);
  const first = uses?.[0]?.node;
  if (!uses || !first || !isQuantizeNode(first)) return null;
  const { key, isPerTensor } = quantizerFacts(first, context);
  const agree = uses.every(
    ({ node, index }) =>
      index === 0 && isQuantizeNode(node) && quantizerFacts(node, context).key === key,
  );
  return agree && isPerTensor ? first : null;
}

/** The Qs of a value, if they are equal; else none. */
export function equalQuantizesOf(
  value: Value | null | undefined,
  context: PassContext,
): readonly Node[] {
  const quantizes = quantizesOf(value);
  const keys = new Set(quantizes.map((quantize) => quantizerFacts(quantize, context).key));
  return keys.size === 1 ? quantizes : [];
}

/** The DQ that makes a computed value; null for weights. */
export function dequantizeBefore(value: Value | null | undefined): Node | null {
  const maker = value?.producer();
  if (!maker || !isDequantizeNode(maker)) return null;
  const quantize = maker.inputs[0]?.producer();
  const source = isQuantizeNode(quantize) ? quantize?.inputs[0] : maker.inputs[0];
  return constantOf(source) ? null : maker;
}
