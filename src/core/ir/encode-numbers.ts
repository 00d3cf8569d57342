import { byteSize } from './data-type.ts';
import type { DataType } from './data-type.ts';
import { encodeE8m0, encodeSmallFloat, isSmallFloat } from './small-floats.ts';

type WriteElement = (view: DataView, index: number, value: number) => void;

/** Sets element `index` of packed data, `bits` wide, low bits first. */
function pack(view: DataView, index: number, code: number, bits: number): void {
  const perByte = 8 / bits;
  const at = Math.floor(index / perByte);
  const shift = (index % perByte) * bits;
  view.setUint8(at, view.getUint8(at) | ((code & ((1 << bits) - 1)) << shift));
}

const WRITERS: Readonly<Partial<Record<DataType, WriteElement>>> = {
  float32: (view, i, x) => view.setFloat32(4 * i, x, true),
  float64: (view, i, x) => view.setFloat64(8 * i, x, true),
  uint8: (view, i, x) => view.setUint8(i, x),
  int8: (view, i, x) => view.setInt8(i, x),
  uint16: (view, i, x) => view.setUint16(2 * i, x, true),
  int16: (view, i, x) => view.setInt16(2 * i, x, true),
  uint32: (view, i, x) => view.setUint32(4 * i, x, true),
  int32: (view, i, x) => view.setInt32(4 * i, x, true),
  uint64: (view, i, x) => view.setBigUint64(8 * i, BigInt(x), true),
  int64: (view, i, x) => view.setBigInt64(8 * i, BigInt(x), true),
  bool: (view, i, x) => view.setUint8(i, x === 0 ? 0 : 1),
  float8e8m0: (view, i, x) => view.setUint8(i, encodeE8m0(x)),
  uint4: (view, i, x) => pack(view, i, x, 4),
  int4: (view, i, x) => pack(view, i, x, 4),
  uint2: (view, i, x) => pack(view, i, x, 2),
  int2: (view, i, x) => pack(view, i, x, 2),
};

function writerOf(dataType: DataType): WriteElement | undefined {
  if (!isSmallFloat(dataType)) return WRITERS[dataType];
  if (dataType === 'float4e2m1')
    return (view, i, x) => pack(view, i, encodeSmallFloat(dataType, x), 4);
  return dataType === 'float16' || dataType === 'bfloat16'
    ? (view, i, x) => view.setUint16(2 * i, encodeSmallFloat(dataType, x), true)
    : (view, i, x) => view.setUint8(i, encodeSmallFloat(dataType, x));
}

/**
 * Numbers in the layout of `raw_data`; floats are rounded to the nearest, ties to even. Integers must be integers that
 * fit the type. Undefined for strings, complex numbers and unknown types.
 */
export function encodeNumbers(
  dataType: DataType,
  numbers: ArrayLike<number>,
): Uint8Array | undefined {
  const write = writerOf(dataType);
  const size = byteSize(dataType, numbers.length);
  if (write === undefined || size === undefined) return undefined;
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < numbers.length; i++) write(view, i, numbers[i] ?? 0);
  return bytes;
}
