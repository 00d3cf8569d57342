import { plainBytes } from '../base/byte-source.ts';
import type { ByteSource } from '../base/byte-source.ts';
import { modelTooLarge } from '../base/diagnostics.ts';
import { Reader } from './proto.ts';
import type { WireReader } from './proto.ts';
import { WireError } from './wire-error.ts';

/** A stretch of the file that is in memory. */
export interface Segment {
  /** Offset in the file. */
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
  /** Over `bytes`; whoever uses it sets `pos` first. */
  readonly reader: WireReader;
}

/**
 * A file as far as it is in memory: one segment for a file that was read whole, many with holes (big weights) for one
 * that was opened by windows. A field that starts in a segment and is no hole lies in that segment to its end.
 */
export class ByteImage {
  readonly source: ByteSource;
  private readonly segments: Segment[] = [];
  private latest: Segment | undefined;

  constructor(source: ByteSource) {
    this.source = source;
  }
  get size(): number {
    return this.source.size;
  }
  /** Adds a stretch; stretches come with growing `start` and may overlap. */
  add(start: number, added: Uint8Array): void {
    const bytes = plainBytes(added);
    this.latest = { start, end: start + bytes.length, bytes, reader: new Reader(bytes) };
    this.segments.push(this.latest);
  }
  /** The segment for a field at `offset`; throws a WireError for a place that was left out. */
  segmentAt(offset: number): Segment {
    const segment = this.find(offset);
    if (segment === undefined || offset >= segment.end)
      throw new WireError(
        modelTooLarge('A part of the file', this.size, { file: this.source.name, offset }),
      );
    return segment;
  }
  /** The bytes from `start` to `end` without copying; undefined where they are not in memory. */
  bytes(start: number, end: number): Uint8Array | undefined {
    const segment = this.find(start);
    return segment && end <= segment.end
      ? segment.bytes.subarray(start - segment.start, end - segment.start)
      : undefined;
  }
  private find(offset: number): Segment | undefined {
    const { latest, segments } = this;
    if (segments.length === 1) return latest;
    let low = 0;
    let high = segments.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((segments[middle]?.start ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return segments[low - 1];
  }
}
