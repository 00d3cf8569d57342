import { tensorWithoutData } from '../base/diagnostics.ts';
import { byteSize } from '../ir/data-type.ts';
import { elementCount } from '../ir/tensor.ts';
import type { Tensor } from '../ir/tensor.ts';
import { BYTES, Fields } from './fields.ts';
import type { ReadContext } from './read-context.ts';
import { readDims, readTensor } from './read-tensor.ts';
import { absentBytes } from './tensor-bytes.ts';

/**
 * Reads the SparseTensorProto of the current field as a tensor that has a name, a type and dimensions, but no dense data:
 * TensorRT knows no sparse tensors, so that nobody needs the numbers. Throws a WireError on damage.
 */
export function readSparseTensor(context: ReadContext, outer: Fields): Tensor {
  outer.expect(BYTES);
  let values: Tensor | undefined;
  const dims: number[] = [];
  const fields = new Fields(outer.image, outer.data, outer.end);
  while (fields.next())
    if (fields.number === 1) {
      fields.expect(BYTES);
      values = readTensor(context, fields.data, fields.end);
    } else if (fields.number === 3) dims.push(...readDims(fields).map(Number));
  const name = values?.name ?? '';
  const dataType = values?.dataType ?? 'undefined';
  const size = byteSize(dataType, elementCount(dims)) ?? 0;
  return { name, dataType, dims, bytes: absentBytes(size, tensorWithoutData(name)) };
}
