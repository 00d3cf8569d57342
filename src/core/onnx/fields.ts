import { corruptFile, truncatedFile } from '../base/diagnostics.ts';
import type { ByteImage, Segment } from './byte-image.ts';
import type { WireReader } from './proto.ts';
import { WireError } from './wire-error.ts';

/** Wire types of protobuf. Groups (3, 4) are no part of proto3 and count as damage. */
export const VARINT = 0;
export const FIXED64 = 1;
export const BYTES = 2;
export const FIXED32 = 5;

/** A tag and a length take at most this. */
export const HEADER = 20;

/** Reads a length, which may exceed 32 bits: files above 4 GB exist, though protobuf forbids them. */
function readLength(reader: WireReader): number {
  let length = 0;
  let scale = 1;
  for (let i = 0; i < 8 && reader.pos < reader.len; i++) {
    const byte = reader.buf[reader.pos++] ?? 0;
    length += (byte & 127) * scale;
    if (byte < 128) return length;
    scale *= 128;
  }
  throw new RangeError('length does not end');
}

/**
 * A walk over the fields of one message. After `next()` said true, the properties describe the current field; offsets
 * are those of the file.
 */
export class Fields {
  number = 0;
  wire = 0;
  /** Where the tag starts. */
  start = 0;
  /** Where the payload starts. */
  data = 0;
  /** Where the payload and with it the field ends. */
  end: number;
  /** Where the length of the current field starts. */
  private lengthAt = 0;
  private segment: Segment | undefined;
  readonly image: ByteImage;
  private readonly limit: number;
  private readonly isWholeFile: boolean;

  /** `isWholeFile` tells that the message is the file's outermost one, also where the walk begins behind its start. */
  constructor(image: ByteImage, from: number, to: number, isWholeFile = from === 0) {
    this.image = image;
    this.end = from;
    this.limit = to;
    this.isWholeFile = isWholeFile;
  }
  /** Goes to the next field; false at the end. Throws a WireError on damage. */
  next(): boolean {
    if (this.end >= this.limit) return false;
    this.start = this.end;
    try {
      this.readHeader(this.readerAt(this.start, Math.min(this.start + HEADER, this.limit)));
    } catch (error) {
      if (error instanceof WireError) throw error;
      throw this.damage('a field header is cut off or malformed');
    }
    if (this.end > this.limit) throw this.overrun();
    return true;
  }
  private readHeader(reader: WireReader): void {
    const base = this.start - reader.pos;
    const tag = reader.uint32();
    this.number = tag >>> 3;
    this.wire = tag & 7;
    if (this.number === 0) throw this.damage('a field has the number 0');
    this.lengthAt = base + reader.pos;
    if (this.wire === BYTES) {
      const length = readLength(reader);
      this.data = base + reader.pos;
      this.end = this.data + length;
      return;
    }
    this.data = base + reader.pos;
    if (this.wire === VARINT) {
      reader.skip();
      this.end = base + reader.pos;
    } else if (this.wire === FIXED32) this.end = this.data + 4;
    else if (this.wire === FIXED64) this.end = this.data + 8;
    else throw this.damage(`a field has the unknown wire type ${this.wire}`);
  }
  /** A reader at `offset`, in a segment that also has what follows up to `end`, where one is in memory. */
  private readerAt(offset: number, end: number): WireReader {
    let segment = this.segment;
    // Segments overlap: a field that the end of one cuts off lies whole in the next.
    if (segment === undefined || end > segment.end || offset < segment.start)
      segment = this.segment = this.image.segmentAt(offset);
    segment.reader.pos = offset - segment.start;
    return segment.reader;
  }
  /** The current field as text; bytes that are not UTF-8 become replacement characters. */
  string(): string {
    this.expect(BYTES);
    if (this.end === this.data) return '';
    const reader = this.readerAt(this.start, this.end);
    reader.pos += this.lengthAt - this.start;
    return reader.string();
  }
  /** The payload without copying; undefined where it was not loaded. */
  bytes(): Uint8Array | undefined {
    return this.image.bytes(this.data, this.end);
  }
  /** The current varint as a signed 32 bit number. */
  int32(): number {
    this.expect(VARINT);
    const reader = this.readerAt(this.start, this.end);
    reader.pos += this.data - this.start;
    return reader.int32();
  }
  /** The current varint as a signed 64 bit integer. */
  int64(): bigint {
    this.expect(VARINT);
    const bytes = this.bytes() ?? new Uint8Array();
    return readVarint(bytes, { at: 0 });
  }
  /** Throws a WireError unless the current field has the wire type `wire`. */
  expect(wire: number): void {
    if (this.wire !== wire)
      throw this.damage(`field ${this.number} has the wire type ${this.wire} instead of ${wire}`);
  }
  /** A WireError about the current place. */
  damage(what: string): WireError {
    return new WireError(corruptFile(what, { file: this.image.source.name, offset: this.start }));
  }
  private overrun(): WireError {
    const { size, source } = this.image;
    // A file that was cut off shows at the top: messages inside end within their parents.
    return this.isWholeFile && this.end > size
      ? new WireError(truncatedFile(source.name, size, this.end - size))
      : this.damage(`a field of ${this.end - this.data} bytes does not fit into its message`);
  }
}

/** Reads one varint of `bytes` at `cursor.at` as a signed 64 bit integer and moves the cursor behind it. */
export function readVarint(bytes: Uint8Array, cursor: { at: number }): bigint {
  let low = 0;
  let high = 0n;
  let shift = 0;
  for (;;) {
    const byte = bytes[cursor.at++] ?? 0;
    // Up to 49 bits fit a double exactly and are far faster than bigint.
    if (shift < 49) low += (byte & 127) * 2 ** shift;
    else high |= BigInt(byte & 127) << BigInt(shift);
    shift += 7;
    if (byte < 128 || shift >= 70) return BigInt.asIntN(64, high | BigInt(low));
  }
}
