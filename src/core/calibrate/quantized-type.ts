import { DATA_TYPES } from '../ir/data-type.ts';
import type { Node } from '../ir/graph.ts';
import { attrInt } from '../ir/node-attributes.ts';
import { constantOf } from '../ir/quantizer-nodes.ts';
import { decodeSmallFloat } from '../ir/small-floats.ts';

/** The types that TensorRT quantizes activations to with one scale a tensor. */
export type QuantizedType = 'int8' | 'float8e4m3fn';

/**
 * Largest magnitude that a scale maps its range to. INT8 leaves -128 out, so that the range is the same on both sides (as
 * TensorRT's calibrators and Model-Optimizer do); E4M3 ends at 448 (ONNX: "Float stored in 8 bits").
 */
export const HIGHEST: Readonly<Record<QuantizedType, number>> = { int8: 127, float8e4m3fn: 448 };

/** The magnitudes that a type holds before scaling, from 0 up: 128 for INT8, 127 for E4M3. */
export const MAGNITUDES: Readonly<Record<QuantizedType, Float64Array>> = {
  int8: Float64Array.from({ length: 128 }, (_, code) => code),
  float8e4m3fn: Float64Array.from({ length: 127 }, (_, code) =>
    decodeSmallFloat('float8e4m3fn', code),
  ),
};

/** What a QuantizeLinear makes; undefined for types and zero points that TensorRT does not take for activations. */
export function quantizedTypeOf(quantize: Node): QuantizedType | undefined {
  if (quantize.opType === 'TRT_FP8QuantizeLinear') return 'float8e4m3fn';
  const zeroPoint = quantize.inputs[2];
  const named = DATA_TYPES[attrInt(quantize, 'output_dtype', 0)];
  const type = zeroPoint
    ? (constantOf(zeroPoint)?.dataType ?? zeroPoint.dataType)
    : named === 'undefined'
      ? quantize.outputs[0]?.dataType
      : named;
  return type === 'int8' || type === 'float8e4m3fn' ? type : undefined;
}
