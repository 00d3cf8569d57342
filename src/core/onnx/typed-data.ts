import type { DataType } from '../ir/data-type.ts';
import { bitsPerElement } from '../ir/data-type.ts';
import { BYTES, FIXED32, FIXED64, readVarint, VARINT } from './fields.ts';
import type { Fields } from './fields.ts';
import type { ByteImage } from './byte-image.ts';

/** One stretch of a repeated scalar field: a packed run, or a single element. */
export interface DataRun {
  readonly field: number;
  readonly wire: number;
  readonly start: number;
  readonly end: number;
}

/** `float_data`, `int32_data`, `int64_data`, `double_data`, `uint64_data` of TensorProto. */
const VARINT_FIELDS: ReadonlySet<number> = new Set([5, 7, 11]);

/** Bytes that one entry of a varint field fills in `raw_data`: int32_data carries packed 4-bit pairs as one byte. */
function bytesPerEntry(dataType: DataType): number | undefined {
  const bits = bitsPerElement(dataType);
  return bits === undefined ? undefined : Math.max(1, bits / 8);
}

/**
 * Turns the typed data fields of a tensor into the layout of `raw_data`; undefined where the bytes are not in memory, the
 * fields do not suit the type, or the type is unknown. A single packed run of floats is shared, not copied.
 */
export function typedDataToRaw(
  image: ByteImage,
  runs: readonly DataRun[],
  dataType: DataType,
): Uint8Array | undefined {
  const chunks: Uint8Array[] = [];
  for (const run of runs) {
    const bytes = image.bytes(run.start, run.end);
    const raw = bytes && runToRaw(run, bytes, dataType);
    if (raw === undefined) return undefined;
    chunks.push(raw);
  }
  const [only] = chunks;
  return only !== undefined && chunks.length === 1 ? only : concatenate(chunks);
}

function runToRaw(run: DataRun, bytes: Uint8Array, dataType: DataType): Uint8Array | undefined {
  if (!VARINT_FIELDS.has(run.field)) return bytes;
  const width = bytesPerEntry(dataType);
  if (width === undefined) return undefined;
  const entries = run.wire === VARINT ? 1 : countVarints(bytes);
  return width === 8 ? longEntries(bytes, entries) : shortEntries(bytes, entries, width);
}

function longEntries(bytes: Uint8Array, entries: number): Uint8Array {
  const raw = new DataView(new ArrayBuffer(entries * 8));
  const cursor = { at: 0 };
  for (let i = 0; i < entries; i++) raw.setBigInt64(8 * i, readVarint(bytes, cursor), true);
  return new Uint8Array(raw.buffer);
}

function shortEntries(bytes: Uint8Array, entries: number, width: number): Uint8Array {
  const raw = new Uint8Array(entries * width);
  let at = 0;
  for (let entry = 0; entry < entries; entry++) {
    let low = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] ?? 0;
      if (shift < 32) low |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    for (let i = 0; i < width; i++) raw[entry * width + i] = low >> (8 * i);
  }
  return raw;
}

function countVarints(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte < 128) count++;
  return count;
}

/** One array out of many. */
export function concatenate(chunks: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/** Adds the current field of `fields` to `runs`; throws a WireError where its wire type does not suit the field. */
export function collectRun(fields: Fields, runs: DataRun[]): void {
  const single = VARINT_FIELDS.has(fields.number)
    ? VARINT
    : fields.number === 4
      ? FIXED32
      : FIXED64;
  if (fields.wire !== BYTES) fields.expect(single);
  const { number: field, wire, data: start, end } = fields;
  runs.push({ field, wire, start, end });
}
