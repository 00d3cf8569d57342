import type { Tensor } from 'onnxruntime-web';
import type { DataType } from '../core/ir/data-type.ts';
import { isRunDataType, RUN_ARRAYS } from '../core/inputs/run-arrays.ts';
import type { RunDataType } from '../core/inputs/run-arrays.ts';
import type { RunData, RunTensor } from '../core/inputs/run-tensor.ts';
import type { OrtModule } from './load-ort.ts';

/**
 * True for the element types that the runtime takes and gives. Its C interface for wasm knows no 8-bit floats and no bfloat16,
 * and its packed 4-bit types are not worth a form of their own: nobody looks at them there.
 */
export const isExchangeable: (dataType: DataType) => dataType is RunDataType = isRunDataType;

/** True when `data` is the kind of array that holds `dataType`. */
export const isArrayOf = (dataType: RunDataType, data: RunData): boolean =>
  data instanceof RUN_ARRAYS[dataType];

/** `tensor` for the runtime; its data is shared. */
export function toOrt(ort: OrtModule, tensor: RunTensor, dataType: RunDataType): Tensor {
  return new ort.Tensor(dataType, tensor.data as Uint8Array, [...tensor.dims]);
}

/** What the runtime gave, which owns no memory of the runtime any more. */
export function fromOrt(tensor: Tensor, dataType: RunDataType): RunTensor {
  const given = tensor.data as RunData;
  // Where the platform has Float16Array, float16 comes as one; we hold the bits everywhere.
  const data =
    dataType === 'float16'
      ? new Uint16Array(given.buffer as ArrayBuffer, given.byteOffset, given.length)
      : given;
  return { dataType, dims: [...tensor.dims], data };
}
