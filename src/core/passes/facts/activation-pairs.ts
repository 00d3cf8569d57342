import type { Node, Value } from '../../ir/graph.ts';
import {
  constantOf,
  dequantizersOf,
  isConstantThroughQuantizers,
  isDequantizeNode,
  isQuantizeNode,
  quantizeOf,
} from '../../ir/quantizer-nodes.ts';
import type { PassContext } from '../rewrite-pass.ts';
import { closedUses, isReadOnlyBy, quantizesOf } from './closed-uses.ts';
import { quantizerFacts, quantizerKey } from './quantizer-facts.ts';
import type { QuantizerFacts } from './quantizer-facts.ts';

/** A Q and the DQ through which somebody reads a computed value. */
export interface ActivationPair {
  readonly quantize: Node;
  readonly dequantize: Node;
  /** What is quantized. */
  readonly source: Value;
}

/** The DQ that makes a computed value; null for float values and for weights. */
export function dequantizeBefore(value: Value | null | undefined): Node | null {
  const maker = value?.producer();
  return maker && isDequantizeNode(maker) && !isConstantThroughQuantizers(value) ? maker : null;
}

/** The pair that makes `value`; undefined where it is float, a constant or integers of another make. */
export function pairBefore(value: Value | null | undefined): ActivationPair | undefined {
  const dequantize = dequantizeBefore(value);
  const quantize = dequantize && quantizeOf(dequantize);
  const [source] = quantize?.inputs ?? [];
  return dequantize && quantize && source ? { quantize, dequantize, source } : undefined;
}

/** True for a Q whose input is computed: weights have theirs for good. */
export const isActivationQuantize = (node: Node): boolean =>
  isQuantizeNode(node) && !isConstantThroughQuantizers(node.inputs[0]);

/** True when a pair can be taken out without changing anything for readers other than `readers`. */
export const isPairOnlyFor = (quantize: Node, ...readers: readonly Node[]): boolean => {
  const dequantizers = dequantizersOf(quantize);
  return (
    quantize.outputs.every((value) => isReadOnlyBy(value, ...dequantizers)) &&
    dequantizers.every((node) => node.outputs.every((value) => isReadOnlyBy(value, ...readers)))
  );
};

/** A Q whose integers only DQs with the same scale read, on a computed value. */
export interface WholePair {
  readonly quantize: Node;
  readonly dequantizers: readonly Node[];
  readonly source: Value;
  readonly facts: QuantizerFacts;
  /** As `quantizerKey` has it, of all of them. */
  readonly key: string;
}

/** The pair that begins with `quantize`; null where it is none, or stands on a constant. */
export function wholePair(quantize: Node, context: PassContext): WholePair | null {
  const [source] = quantize.inputs;
  const [integers] = quantize.outputs;
  if (!isQuantizeNode(quantize) || !source || !integers || constantOf(source)) return null;
  const dequantizers = dequantizersOf(quantize);
  if (dequantizers.length === 0 || integers.isGraphOutput) return null;
  if (integers.useCount !== dequantizers.length) return null;
  const key = quantizerKey(quantize, context);
  const isWhole = dequantizers.every((node) => quantizerKey(node, context) === key);
  if (!isWhole) return null;
  return { quantize, dequantizers, source, facts: quantizerFacts(quantize, context), key };
}

/** One of the per-tensor Qs with one scale that take a value for all its readers; null where readers differ. */
export function commonQuantize(value: Value | null | undefined, context: PassContext): Node | null {
  const uses = closedUses(value);
  const first = uses?.[0]?.node;
  if (!uses || !first || !isQuantizeNode(first)) return null;
  if (!quantizerFacts(first, context).isPerTensor) return null;
  const key = quantizerKey(first, context);
  const agree = uses.every(
    ({ node, index }) =>
      index === 0 &&
      isQuantizeNode(node) &&
      (node === first || quantizerKey(node, context) === key),
  );
  return agree ? first : null;
}

/** The Qs of a value, if they are equal; else none. */
export function equalQuantizesOf(
  value: Value | null | undefined,
  context: PassContext,
): readonly Node[] {
  const quantizes = quantizesOf(value);
  const keys = new Set(quantizes.map((quantize) => quantizerKey(quantize, context)));
  return keys.size === 1 ? quantizes : [];
}
