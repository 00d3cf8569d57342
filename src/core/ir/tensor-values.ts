import { ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { DataType } from './data-type.ts';
import { decodeE8m0, decodeSmallFloat } from './small-floats.ts';
import type { SmallFloat } from './small-floats.ts';
import { bitsPerElement } from './data-type.ts';
import { elementCount } from './tensor.ts';
import type { Tensor } from './tensor.ts';

type ReadElement = (view: DataView, index: number) => number;

const smallFloat8 =
  (type: SmallFloat): ReadElement =>
  (view, i) =>
    decodeSmallFloat(type, view.getUint8(i));

/** Element `index` of packed data, `bits` wide, low bits first. */
function packed(view: DataView, index: number, bits: number): number {
  const perByte = 8 / bits;
  const shift = (index % perByte) * bits;
  return (view.getUint8(Math.floor(index / perByte)) >> shift) & ((1 << bits) - 1);
}
const signed = (code: number, bits: number): number =>
  code >= 1 << (bits - 1) ? code - (1 << bits) : code;

const READERS: Readonly<Partial<Record<DataType, ReadElement>>> = {
  float32: (view, i) => view.getFloat32(4 * i, true),
  float64: (view, i) => view.getFloat64(8 * i, true),
  uint8: (view, i) => view.getUint8(i),
  int8: (view, i) => view.getInt8(i),
  uint16: (view, i) => view.getUint16(2 * i, true),
  int16: (view, i) => view.getInt16(2 * i, true),
  uint32: (view, i) => view.getUint32(4 * i, true),
  int32: (view, i) => view.getInt32(4 * i, true),
  uint64: (view, i) => Number(view.getBigUint64(8 * i, true)),
  int64: (view, i) => Number(view.getBigInt64(8 * i, true)),
  bool: (view, i) => (view.getUint8(i) === 0 ? 0 : 1),
  float16: (view, i) => decodeSmallFloat('float16', view.getUint16(2 * i, true)),
  bfloat16: (view, i) => decodeSmallFloat('bfloat16', view.getUint16(2 * i, true)),
  float8e4m3fn: smallFloat8('float8e4m3fn'),
  float8e4m3fnuz: smallFloat8('float8e4m3fnuz'),
  float8e5m2: smallFloat8('float8e5m2'),
  float8e5m2fnuz: smallFloat8('float8e5m2fnuz'),
  float8e8m0: (view, i) => decodeE8m0(view.getUint8(i)),
  uint4: (view, i) => packed(view, i, 4),
  int4: (view, i) => signed(packed(view, i, 4), 4),
  float4e2m1: (view, i) => decodeSmallFloat('float4e2m1', packed(view, i, 4)),
  uint2: (view, i) => packed(view, i, 2),
  int2: (view, i) => signed(packed(view, i, 2), 2),
};

/** Element types that engines read from memory as fast as it can be copied. */
const VIEWS: Readonly<Partial<Record<DataType, TypedArrayKind>>> = {
  float32: Float32Array,
  float64: Float64Array,
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
};
/** Typed arrays have the byte order of the machine. */
const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

interface TypedArrayKind {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): ArrayLike<number>;
}

function decodeByView(
  dataType: DataType,
  count: number,
  bytes: Uint8Array,
): Float64Array | undefined {
  const View = VIEWS[dataType];
  if (View === undefined || !isLittleEndian) return undefined;
  const isAligned = bytes.byteOffset % View.BYTES_PER_ELEMENT === 0;
  const { buffer, byteOffset } = isAligned ? bytes : bytes.slice(0, count * View.BYTES_PER_ELEMENT);
  return new Float64Array(new View(buffer, byteOffset, count));
}

/**
 * The elements that `bytes` hold as numbers, row major; undefined for strings, complex numbers, types that we do not
 * know, and too few bytes. 64-bit integers beyond 2^53 come back as the nearest double.
 */
export function decodeNumbers(
  dataType: DataType,
  count: number,
  bytes: Uint8Array,
): Float64Array | undefined {
  const read = READERS[dataType];
  const bits = bitsPerElement(dataType);
  if (read === undefined || bits === undefined || bytes.length * 8 < count * bits) return undefined;
  const viewed = decodeByView(dataType, count, bytes);
  if (viewed !== undefined) return viewed;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const numbers = new Float64Array(count);
  for (let i = 0; i < count; i++) numbers[i] = read(view, i);
  return numbers;
}

/** Bytes that were read from a file once and are kept as long as their tensor lives. */
const kept = new WeakMap<Tensor, Uint8Array>();

/** Reads the bytes of a tensor that are still in a file, so that `tensorNumbers` has them from now on. */
export async function keepNumbers(tensor: Tensor, signal?: AbortSignal): Promise<Result<null>> {
  if (tensor.bytes.resident() || kept.has(tensor)) return ok(null);
  const read = await tensor.bytes.read(signal);
  if (!read.ok) return read;
  kept.set(tensor, read.value);
  return ok(null);
}

/**
 * The elements of a tensor that is in memory, as in `decodeNumbers`; undefined too while its bytes are still in a file and
 * `keepNumbers` has not fetched them.
 */
export function tensorNumbers(tensor: Tensor): Float64Array | undefined {
  const bytes = tensor.bytes.resident() ?? kept.get(tensor);
  return bytes && decodeNumbers(tensor.dataType, elementCount(tensor.dims), bytes);
}
