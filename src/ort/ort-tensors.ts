import type { Tensor } from 'onnxruntime-web';
import type { DataType } from '../core/ir/data-type.ts';
import type { RunData, RunTensor } from '../core/inputs/run-tensor.ts';
import type { OrtModule } from './load-ort.ts';

/**
 * Element types that can be handed in and out, with the array that holds them. The runtime's C interface for wasm knows no
 * 8-bit floats and no bfloat16, and its packed 4-bit types are not worth a form of their own: nobody looks at them there.
 */
const ARRAYS = {
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

/** An element type that can be handed in and out. */
export type ExchangeType = keyof typeof ARRAYS;

/** True for the element types that the runtime takes and gives. */
export const isExchangeable = (dataType: DataType): dataType is ExchangeType =>
  Object.hasOwn(ARRAYS, dataType);

/** True when `data` is the kind of array that holds `dataType`. */
export const isArrayOf = (dataType: ExchangeType, data: RunData): boolean =>
  data instanceof ARRAYS[dataType];

/** `tensor` for the runtime; its data is shared. */
export function toOrt(ort: OrtModule, tensor: RunTensor, dataType: ExchangeType): Tensor {
  return new ort.Tensor(dataType, tensor.data as Uint8Array, [...tensor.dims]);
}

/** What the runtime gave, which owns no memory of the runtime any more. */
export function fromOrt(tensor: Tensor, dataType: ExchangeType): RunTensor {
  const given = tensor.data as RunData;
  // Where the platform has Float16Array, float16 comes as one; we hold the bits everywhere.
  const data =
    dataType === 'float16'
      ? new Uint16Array(given.buffer as ArrayBuffer, given.byteOffset, given.length)
      : given;
  return { dataType, dims: [...tensor.dims], data };
}

/** Bytes in the layout of `raw_data` as an array of `dataType`; copied. */
export function arrayOf(dataType: ExchangeType, bytes: Uint8Array): RunData {
  return new ARRAYS[dataType](bytes.slice().buffer);
}
