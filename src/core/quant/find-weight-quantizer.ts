import type { DataType } from '../ir/data-type.ts';
import type { Node, Value } from '../ir/graph.ts';
import { attrInt } from '../ir/node-attributes.ts';
import { constantOf } from '../ir/quantizer-nodes.ts';
import { DATA_TYPES } from '../ir/data-type.ts';
import type { Tensor } from '../ir/tensor.ts';

/** The node that quantizes a constant, or that turns an already quantized one back, and its parameters. */
export interface WeightQuantizer {
  /** `quantize`: the constant is float and goes into QuantizeLinear; `dequantize`: it is stored quantized. */
  readonly kind: 'quantize' | 'dequantize';
  /** Name of the QuantizeLinear or DequantizeLinear node. */
  readonly node: string;
  readonly scale: Tensor;
  readonly zeroPoint?: Tensor;
  /** The type that holds the quantized numbers. */
  readonly quantizedType: DataType;
  /** As the node has it: negative counts from the end. Means nothing for one scale. */
  readonly axis: number;
  /** Elements along `axis` that share a scale; 0 when the scale is per tensor or per channel. */
  readonly blockSize: number;
}

/** ONNX's own operators, and those by which TensorRT spelled FP8 before ONNX had it. */
const QUANTIZE = new Set(['QuantizeLinear', 'TRT_FP8QuantizeLinear']);
const DEQUANTIZE = new Set(['DequantizeLinear', 'TRT_FP8DequantizeLinear']);

/**
 * The quantizer that reads the constant `value`, also through Identity nodes; the first in graph order where there are
 * several. Undefined where none reads it, or where its scale is not constant.
 */
export function findWeightQuantizer(value: Value): WeightQuantizer | undefined {
  for (const { node, index } of value.uses()) {
    const found =
      index === 0 && node.opType === 'Identity' && node.outputs[0]
        ? findWeightQuantizer(node.outputs[0])
        : quantizerAt(node, index, value.dataType);
    if (found) return found;
  }
  return undefined;
}

function quantizerAt(
  node: Node,
  index: number,
  storedType: DataType | undefined,
): WeightQuantizer | undefined {
  const kind = QUANTIZE.has(node.opType)
    ? 'quantize'
    : DEQUANTIZE.has(node.opType)
      ? 'dequantize'
      : undefined;
  const scale = constantThroughIdentity(node.inputs[1]);
  if (kind === undefined || index !== 0 || scale === undefined) return undefined;
  const zeroPoint = constantThroughIdentity(node.inputs[2]);
  return {
    kind,
    node: node.name,
    scale,
    ...(zeroPoint ? { zeroPoint } : {}),
    quantizedType: kind === 'quantize' ? givenType(node, zeroPoint) : (storedType ?? 'int8'),
    axis: attrInt(node, 'axis', 1),
    blockSize: attrInt(node, 'block_size', 0),
  };
}

/** What QuantizeLinear gives: the zero point's type, else `output_dtype`, else ONNX's default. */
function givenType(node: Node, zeroPoint: Tensor | undefined): DataType {
  if (zeroPoint) return zeroPoint.dataType;
  if (node.opType === 'TRT_FP8QuantizeLinear') return 'float8e4m3fn';
  const named = DATA_TYPES[attrInt(node, 'output_dtype', 0)];
  return named === undefined || named === 'undefined' ? 'uint8' : named;
}

/** The constant that a value is, also through Identity nodes. */
function constantThroughIdentity(value: Value | null | undefined): Tensor | undefined {
  for (let at = value; at; at = at.producer()?.inputs[0]) {
    const tensor = constantOf(at);
    if (tensor || at.producer()?.opType !== 'Identity') return tensor;
  }
  return undefined;
}
