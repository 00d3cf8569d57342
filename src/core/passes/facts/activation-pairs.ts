import type { DataType } from '../../ir/data-type.ts';
import type { Node, Value } from '../../ir/graph.ts';
import {
  constantOf,
  dequantizersOf,
  isConstantThroughQuantizers,
  isDequantizeNode,
  isPerTensor,
  isQuantizeNode,
  quantizeOf,
} from '../../ir/quantizer-nodes.ts';
import type { PassContext } from '../rewrite-pass.ts';

/** A Q and the DQ through which somebody reads a computed value. */
export interface ActivationPair {
  readonly quantize: Node;
  readonly dequantize: Node;
  /** What is quantized. */
  readonly source: Value;
}

/** The pair that makes `value`; undefined where it is float, a constant or integers of another make. */
export function pairBefore(value: Value | null | undefined): ActivationPair | undefined {
  const dequantize = value?.producer();
  if (!dequantize || !isDequantizeNode(dequantize)) return undefined;
  const quantize = quantizeOf(dequantize);
  const [source] = quantize?.inputs ?? [];
  return quantize && source && !isConstantThroughQuantizers(source)
    ? { quantize, dequantize, source }
    : undefined;
}

/** Type on the integer side of a Q or DQ; int8 where the model does not say. */
export function quantizedTypeOf(quantizer: Node): DataType {
  const integers = isQuantizeNode(quantizer) ? quantizer.outputs[0] : quantizer.inputs[0];
  if (quantizer.opType.startsWith('TRT_FP8')) return 'float8e4m3fn';
  return quantizer.inputs[2]?.dataType ?? integers?.dataType ?? 'int8';
}

/** The one scale of a quantizer: undefined where it has several, is computed, still waits for calibration or is unread. */
export function scaleOf(quantizer: Node, context: PassContext): number | undefined {
  const numbers = context.numbers(quantizer.inputs[1]);
  if (constantOf(quantizer.inputs[1])?.placeholder === true) return undefined;
  return numbers?.length === 1 ? numbers[0] : undefined;
}

/** True for a quantizer whose scale is still to be found by calibration. */
export const isPending = (quantizer: Node): boolean =>
  constantOf(quantizer.inputs[1])?.placeholder === true;

/**
 * Equal for per-tensor quantizers that map alike. Scales that nobody knows yet, computed ones too, are equal only where
 * they are the same value of the graph.
 */
export function quantizerKey(quantizer: Node, context: PassContext): string {
  const scale = scaleOf(quantizer, context);
  const zeroPoint = context.numbers(quantizer.inputs[2])?.join(' ') ?? '';
  const step = scale === undefined ? `of ${quantizer.inputs[1]?.name ?? ''}` : String(scale);
  return `${quantizedTypeOf(quantizer)} ${step} ${zeroPoint === '0' ? '' : zeroPoint}`;
}

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
    const scale = scaleOf(node, context);
    if (scale === undefined) return undefined;
    if (!widest || scale > widest.scale) widest = { node, scale };
  }
  return widest?.node;
}

/** True where nobody but `readers` reads a value: no output of the network, no subgraph. */
export const isReadOnlyBy = (value: Value, ...readers: readonly Node[]): boolean =>
  !value.isGraphOutput &&
  value.uses().every(({ node, index }) => index >= 0 && readers.includes(node));

/** True when a pair can be taken out without changing anything for readers other than `readers`. */
export const isPairOnlyFor = (quantize: Node, ...readers: readonly Node[]): boolean => {
  const dequantizers = dequantizersOf(quantize);
  return (
    quantize.outputs.every((value) => isReadOnlyBy(value, ...dequantizers)) &&
    dequantizers.every((node) => node.outputs.every((value) => isReadOnlyBy(value, ...readers)))
  );
};
