import { rawSizeWrong } from '../base/diagnostics/inputs.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import { elementCount } from '../ir/tensor.ts';
import { arrayOverBytes, RUN_ARRAYS } from './run-arrays.ts';
import type { RunDataType } from './run-arrays.ts';
import type { RunTensor } from './run-tensor.ts';

/** Reads a file of bare numbers, row major and little endian, whose type and shape are known from elsewhere. */
export function readRaw(
  file: string,
  bytes: Uint8Array,
  { dataType, dims }: { readonly dataType: RunDataType; readonly dims: readonly number[] },
): Result<RunTensor> {
  const want = elementCount(dims) * RUN_ARRAYS[dataType].BYTES_PER_ELEMENT;
  if (bytes.length !== want) return fail(rawSizeWrong(file, want, bytes.length));
  return ok({ dataType, dims, data: arrayOverBytes(dataType, bytes) });
}
