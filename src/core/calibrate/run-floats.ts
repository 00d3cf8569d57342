import { decodeSmallFloat } from '../ir/small-floats.ts';
import type { RunTensor } from '../inputs/run-tensor.ts';

/** The numbers of all 65,536 codes of a 16-bit float type, made when the first tensor of the type is seen. */
const tables = new Map<'float16' | 'bfloat16', Float32Array>();

function tableOf(type: 'float16' | 'bfloat16'): Float32Array {
  let table = tables.get(type);
  if (table === undefined) {
    table = Float32Array.from({ length: 65536 }, (_, code) => decodeSmallFloat(type, code));
    tables.set(type, table);
  }
  return table;
}

/** The numbers of a float tensor of a run: the array itself where it is float32. Undefined for other than float types. */
export function runFloats({ dataType, data }: RunTensor): Float32Array | undefined {
  if (data instanceof Float32Array) return dataType === 'float32' ? data : undefined;
  if (data instanceof Float64Array) return Float32Array.from(data);
  if (!(data instanceof Uint16Array) || (dataType !== 'float16' && dataType !== 'bfloat16'))
    return undefined;
  const table = tableOf(dataType);
  const numbers = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) numbers[i] = table[data[i]!]!;
  return numbers;
}
