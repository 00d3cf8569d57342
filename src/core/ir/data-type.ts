/**
 * ONNX element types by their number in `TensorProto.DataType`.
 * Source: onnx.proto3 of ONNX 1.21 (IR version 13).
 */
export const DATA_TYPES = [
  'undefined',
  'float32',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  'string',
  'bool',
  'float16',
  'float64',
  'uint32',
  'uint64',
  'complex64',
  'complex128',
  'bfloat16',
  'float8e4m3fn',
  'float8e4m3fnuz',
  'float8e5m2',
  'float8e5m2fnuz',
  'uint4',
  'int4',
  'float4e2m1',
  'float8e8m0',
  'uint2',
  'int2',
] as const;

export type DataType = (typeof DATA_TYPES)[number];

const BITS: Readonly<Partial<Record<DataType, number>>> = {
  float32: 32,
  uint8: 8,
  int8: 8,
  uint16: 16,
  int16: 16,
  int32: 32,
  int64: 64,
  bool: 8,
  float16: 16,
  float64: 64,
  uint32: 32,
  uint64: 64,
  complex64: 64,
  complex128: 128,
  bfloat16: 16,
  float8e4m3fn: 8,
  float8e4m3fnuz: 8,
  float8e5m2: 8,
  float8e5m2fnuz: 8,
  uint4: 4,
  int4: 4,
  float4e2m1: 4,
  float8e8m0: 8,
  uint2: 2,
  int2: 2,
};

/** Bits that one element takes in `raw_data`; undefined for strings and for types newer than this table. */
export const bitsPerElement = (dataType: DataType): number | undefined => BITS[dataType];

/** Bytes that `count` elements take in `raw_data`, 4-bit types packed two a byte; undefined like `bitsPerElement`. */
export function byteSize(dataType: DataType, count: number): number | undefined {
  const bits = BITS[dataType];
  return bits === undefined ? undefined : Math.ceil((bits * count) / 8);
}

/** True for the types that ONNX calls float, 4 and 8 bit ones included. */
export const isFloatType = (dataType: DataType): boolean => /^b?float/.test(dataType);

/** The float types that activations have where TensorRT quantizes them. */
export const QUANTIZABLE_FLOATS: ReadonlySet<DataType | undefined> = new Set([
  'float32',
  'float16',
  'bfloat16',
]);
