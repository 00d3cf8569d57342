import type { DataType } from '../../ir/data-type.ts';
import type { Node } from '../../ir/graph.ts';
import { attrInt } from '../../ir/node-attributes.ts';
import {
  constantOf,
  integerTypeOf,
  isPerTensor,
  isQuantizeNode,
} from '../../ir/quantizer-nodes.ts';
import type { PassContext } from '../rewrite-pass.ts';

/** What a Q or DQ does to numbers, as far as constants tell. */
export interface QuantizerFacts {
  /** On the integer side; uint8 for a Q where nothing says it, as ONNX has it. */
  readonly type: DataType | undefined;
  /** Undefined where they are computed, wait for calibration or are unread. */
  readonly scales: Float64Array | undefined;
  /** One 0 where the node has no zero point; undefined where they are not known. */
  readonly zeros: Float64Array | undefined;
  /** The scale of a per-tensor quantizer, where it is known. */
  readonly scale: number | undefined;
  readonly isPerTensor: boolean;
  /** A type with negative numbers, and 0 stands for 0: then the quantizer changes no sign. */
  readonly isSymmetric: boolean;
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
const NO_SHIFT = new Float64Array(1);

/** Reads scale, zero point and type of a Q or DQ. */
export function quantizerFacts(node: Node, context: PassContext): QuantizerFacts {
  const [, scaleValue, zeroPoint] = node.inputs;
  const type = integerTypeOf(node) ?? (isQuantizeNode(node) ? 'uint8' : undefined);
  const tensor = constantOf(scaleValue);
  const scales = tensor?.placeholder ? undefined : context.numbers(scaleValue);
  const zeros = zeroPoint ? context.numbers(zeroPoint) : NO_SHIFT;
  const isOne = (tensor?.dims ?? scaleValue?.shape ?? [2]).every((dim) => dim === 1);
  return {
    type,
    scales,
    zeros,
    scale: isOne ? scales?.[0] : undefined,
    isPerTensor: isOne,
    isSymmetric: SIGNED.has(type) && isAllZero(zeros),
  };
}

const isAllZero = (numbers: Float64Array | undefined): boolean =>
  numbers?.every((number) => number === 0) ?? false;

/** Texts of scales by channel are long, and asked for again and again. */
const texts = new WeakMap<Float64Array, string>();

function textOf(numbers: Float64Array): string {
  if (numbers.length === 1) return String(numbers[0]);
  const known = texts.get(numbers);
  if (known !== undefined) return known;
  const text = numbers.join(' ');
  texts.set(numbers, text);
  return text;
}

/**
 * Equal for quantizers that compute the same. A scale that is computed, or waits for calibration, equals only itself: the
 * same value of the graph.
 */
export function quantizerKey(node: Node, context: PassContext): string {
  const [, scaleValue, zeroPoint] = node.inputs;
  const facts = quantizerFacts(node, context);
  const axis = facts.isPerTensor
    ? ''
    : `${String(attrInt(node, 'axis', 1))}/${String(attrInt(node, 'block_size', 0))}`;
  const scales = facts.scales ? textOf(facts.scales) : `of ${scaleValue?.name ?? '?'}`;
  const shift = isAllZero(facts.zeros)
    ? '0'
    : facts.zeros
      ? textOf(facts.zeros)
      : `of ${zeroPoint?.name ?? '?'}`;
  return [facts.type ?? '?', scaleValue?.dataType ?? '?', axis, scales, shift].join('|');
}

/** True for a quantizer whose scale is still to be found by calibration. */
export const isPending = (quantizer: Node): boolean =>
  constantOf(quantizer.inputs[1])?.placeholder === true;

/** Whether a quantizer may give its scale to others or take theirs; else why not, as a clause. */
export function sharingRefusal(quantizer: Node, context: PassContext): string | undefined {
  if (!isPerTensor(quantizer)) return `${quantizer.name} has a scale for each channel`;
  const zeroPoints = context.numbers(quantizer.inputs[2]);
  return zeroPoints?.some((zero) => zero !== 0) === true
    ? `the zero point of ${quantizer.name} is not 0`
    : undefined;
}

/**
 * The quantizer whose scale all of `quantizers` can take: one that waits for calibration, which then sees all of them,
 * else the one with the widest range. Undefined where a scale is computed, so that ranges cannot be compared.
 */
export function widestOf(quantizers: readonly Node[], context: PassContext): Node | undefined {
  const pending = quantizers.find(isPending);
  if (pending) return pending;
  let widest: { readonly node: Node; readonly scale: number } | undefined;
  for (const node of quantizers) {
    const { scale } = quantizerFacts(node, context);
    if (scale === undefined) return undefined;
    if (!widest || scale > widest.scale) widest = { node, scale };
  }
  return widest?.node;
}
