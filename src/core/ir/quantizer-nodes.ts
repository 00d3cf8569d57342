import { DATA_TYPES } from './data-type.ts';
import type { DataType } from './data-type.ts';
import type { Graph, Node, Value } from './graph.ts';
import { attrInt, attrTensor } from './node-attributes.ts';
import type { Tensor } from './tensor.ts';

/** ONNX's quantizer operators, and TensorRT's own for types that ONNX lacked. */
const QUANTIZE = /^(?:TRT_\w+?)?QuantizeLinear$/;
const DEQUANTIZE = /^(?:TRT_\w+?)?DequantizeLinear$/;

export const isQuantizeNode = (node: Node | null | undefined): boolean =>
  QUANTIZE.test(node?.opType ?? '');
export const isDequantizeNode = (node: Node | null | undefined): boolean =>
  DEQUANTIZE.test(node?.opType ?? '');
export const isQuantizer = (node: Node | null | undefined): boolean =>
  isQuantizeNode(node) || isDequantizeNode(node);

/** The DQs that read what a Q makes. */
export const dequantizersOf = (quantize: Node): readonly Node[] =>
  (quantize.outputs[0]?.consumers() ?? []).filter(isDequantizeNode);

/** The Q before a DQ; null for a DQ on integer weights. */
export function quantizeOf(dequantize: Node): Node | null {
  const maker = dequantize.inputs[0]?.producer() ?? null;
  return isQuantizeNode(maker) ? maker : null;
}

/** The tensor that a value is: an initializer, or the output of a Constant node. */
export function constantOf(value: Value | null | undefined): Tensor | undefined {
  const maker = value?.producer();
  return maker?.opType === 'Constant' ? attrTensor(maker, 'value') : value?.tensor;
}

/** True when a value is a constant, through Q, DQ or both. */
export function isConstantThroughQuantizers(value: Value | null | undefined): boolean {
  let source = value;
  for (let maker = source?.producer(); maker && isQuantizer(maker); maker = source?.producer())
    source = maker.inputs[0];
  return constantOf(source) !== undefined;
}

/** One scale for the whole tensor, as far as shapes tell. */
export function isPerTensor(quantizer: Node): boolean {
  const scale = quantizer.inputs[1];
  const dims = constantOf(scale)?.dims ?? scale?.shape;
  return dims === undefined || dims.every((dim) => dim === 1);
}

/** Names of all Q and DQ nodes. */
export function quantizerNames(graph: Graph): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of graph.nodes()) if (isQuantizer(node)) names.add(node.name);
  return names;
}

/**
 * Type on the integer side of a Q or DQ, as TensorRT's own operators, zero point, `output_dtype` or the integers say;
 * undefined where nothing does.
 */
export function integerTypeOf(quantizer: Node): DataType | undefined {
  if (quantizer.opType.startsWith('TRT_FP8')) return 'float8e4m3fn';
  if (quantizer.opType.startsWith('TRT_INT4')) return 'int4';
  const zeroPoint = quantizer.inputs[2];
  const stated = constantOf(zeroPoint)?.dataType ?? zeroPoint?.dataType;
  if (!isQuantizeNode(quantizer)) {
    const integers = quantizer.inputs[0];
    return constantOf(integers)?.dataType ?? integers?.dataType ?? stated;
  }
  const named = DATA_TYPES[attrInt(quantizer, 'output_dtype', 0)];
  return (
    stated ??
    (named === undefined || named === 'undefined' ? quantizer.outputs[0]?.dataType : named)
  );
}
