import { bitsPerElement } from '../ir/data-type.ts';
import { decodeNumbers } from '../ir/tensor-values.ts';
import type { DataType } from '../ir/data-type.ts';

/** Elements that are decoded at a time: 256 KiB as f32, a whole number of bytes for every type. */
export const BLOCK_ELEMENTS = 65536;

const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * `count` elements of row-major tensor data from element `start` (a multiple of `BLOCK_ELEMENTS`) on, as f32: wider
 * types round to nearest. A view of `bytes` where they are f32 and aligned, so not to be written to. Undefined for
 * types that are no numbers, and for too few bytes.
 */
export function tensorBlock(
  bytes: Uint8Array,
  dataType: DataType,
  start: number,
  count: number,
): Float32Array | undefined {
  const bits = bitsPerElement(dataType);
  if (bits === undefined) return undefined;
  const from = (start * bits) / 8;
  const part = bytes.subarray(from, from + Math.ceil((count * bits) / 8));
  if (dataType === 'float32' && LITTLE_ENDIAN && part.length === count * 4) {
    const aligned = part.byteOffset % 4 === 0 ? part : part.slice();
    return new Float32Array(aligned.buffer, aligned.byteOffset, count);
  }
  const numbers = decodeNumbers(dataType, count, part);
  return numbers && Float32Array.from(numbers);
}
