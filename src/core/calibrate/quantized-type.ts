import type { Node } from '../ir/graph.ts';
import { integerTypeOf } from '../ir/quantizer-nodes.ts';
import { decodeSmallFloat } from '../ir/small-floats.ts';
import { HIGHEST_CODE } from '../placement/placement-edit.ts';
import type { NewQuantizedType } from '../placement/placement-edit.ts';

/** The types that TensorRT quantizes activations to with one scale a tensor. */
export type QuantizedType = NewQuantizedType;

/** Largest magnitude that a scale maps its range to. */
export const HIGHEST = HIGHEST_CODE;

/** The magnitudes that a type holds before scaling, from 0 up: 128 for INT8, 127 for E4M3. */
export const MAGNITUDES: Readonly<Record<QuantizedType, Float64Array>> = {
  int8: Float64Array.from({ length: 128 }, (_, code) => code),
  float8e4m3fn: Float64Array.from({ length: 127 }, (_, code) =>
    decodeSmallFloat('float8e4m3fn', code),
  ),
};

/** What a QuantizeLinear makes; undefined for types and zero points that TensorRT does not take for activations. */
export function quantizedTypeOf(quantize: Node): QuantizedType | undefined {
  const type = integerTypeOf(quantize);
  return type === 'int8' || type === 'float8e4m3fn' ? type : undefined;
}
