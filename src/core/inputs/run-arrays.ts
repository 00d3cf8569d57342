import type { DataType } from '../ir/data-type.ts';
import type { RunData } from './run-tensor.ts';

/** The arrays that hold each element type in a `RunTensor`. */
export const RUN_ARRAYS = {
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  float16: Uint16Array,
  bool: Uint8Array,
} as const satisfies Partial<Record<DataType, unknown>>;

/** An element type that a model can be fed with. */
export type RunDataType = keyof typeof RUN_ARRAYS;

export const isRunDataType = (dataType: string): dataType is RunDataType =>
  Object.hasOwn(RUN_ARRAYS, dataType);

/** Little-endian bytes as an array of `dataType`; shared where they lie well, else copied. */
export function arrayOverBytes(dataType: RunDataType, bytes: Uint8Array): RunData {
  const Kind = RUN_ARRAYS[dataType];
  const width = Kind.BYTES_PER_ELEMENT;
  const lies = bytes.byteOffset % width === 0 && bytes.buffer instanceof ArrayBuffer;
  const { buffer, byteOffset, byteLength } = lies ? bytes : bytes.slice();
  return new Kind(buffer as ArrayBuffer, byteOffset, byteLength / width);
}

/** The bytes of an array. */
export const bytesOf = (data: RunData): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
