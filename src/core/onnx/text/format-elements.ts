import { byteSize } from '../../ir/data-type.ts';
import type { DataType } from '../../ir/data-type.ts';
import { elementCount } from '../../ir/tensor.ts';
import type { Tensor } from '../../ir/tensor.ts';
import { decodeNumbers } from '../../ir/tensor-values.ts';
import { quote } from './tokenize.ts';

/** A float in the fewest digits that give the same float of that width back. */
export function formatFloat(value: number, round: (x: number) => number = Math.fround): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  let text = String(value);
  for (let digits = 1; digits <= 9; digits++) {
    const short = String(Number(value.toPrecision(digits)));
    if (round(Number(short)) === value) {
      text = short;
      break;
    }
  }
  if (Object.is(value, -0)) text = '-0';
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** The elements from `start` on, as textual ONNX. */
function formatBytes(dataType: DataType, count: number, bytes: Uint8Array): string[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const indices = Array.from({ length: count }, (_, i) => i);
  if (dataType === 'int64') return indices.map((i) => String(view.getBigInt64(8 * i, true)));
  if (dataType === 'uint64') return indices.map((i) => String(view.getBigUint64(8 * i, true)));
  const numbers = decodeNumbers(dataType, count, bytes);
  if (!numbers) return undefined;
  if (!dataType.includes('float')) return [...numbers].map(String);
  const round = dataType === 'float32' ? Math.fround : (x: number): number => x;
  return [...numbers].map((value) => formatFloat(value, round));
}

/** True when all elements have the same bytes, as far as that can be told from whole bytes. */
function isSplat(tensor: Tensor, bytes: Uint8Array): boolean {
  const size = byteSize(tensor.dataType, 1) ?? 0;
  // Packed elements are compared as whole bytes, so that the two halves of each must agree as well.
  const isPacked = byteSize(tensor.dataType, 2) === size;
  if (size === 0 || isPacked || bytes.length % size !== 0) return false;
  for (let i = size; i < bytes.length; i++) if (bytes[i] !== bytes[i - size]) return false;
  return bytes.length > 0;
}

/**
 * The data of a tensor in braces: all elements up to `limit`, `{x ...}` for more that are all the same, and `{...}` for
 * data that is not shown or not in memory.
 */
export function formatData(tensor: Tensor, limit: number): string {
  const count = elementCount(tensor.dims);
  if (tensor.strings) return count <= limit ? `{${tensor.strings.map(quote).join(', ')}}` : '{...}';
  const bytes = tensor.bytes.resident();
  if (!bytes) return '{...}';
  if (count <= limit) {
    const elements = formatBytes(tensor.dataType, count, bytes);
    return elements ? `{${elements.join(', ')}}` : '{...}';
  }
  if (!isSplat(tensor, bytes)) return '{...}';
  const [element] = formatBytes(tensor.dataType, 1, bytes) ?? [];
  return element === undefined ? '{...}' : `{${element} ...}`;
}
