import type { ByteSource } from '../base/byte-source.ts';
import type { TensorBytes } from '../ir/tensor.ts';
import { BYTES } from './fields.ts';

/** Bytes of a source that are copied as they are. */
export interface SourceRange {
  readonly source: ByteSource;
  readonly start: number;
  readonly end: number;
}

/** A piece of a file to be written: bytes, a piece of another file, or weights that are read when their turn comes. */
export type Chunk = Uint8Array | SourceRange | TensorBytes;

/** The number of bytes in a chunk. */
export function chunkLength(chunk: Chunk): number {
  if (chunk instanceof Uint8Array) return chunk.length;
  return 'source' in chunk ? chunk.end - chunk.start : chunk.byteLength;
}

/** A long string of bytes made of pieces: nothing is copied until it is written out. */
export class Rope {
  readonly chunks: Chunk[] = [];
  length = 0;

  add(...chunks: readonly Chunk[]): this {
    for (const chunk of chunks) this.addOne(chunk);
    return this;
  }
  private addOne(chunk: Chunk): void {
    const last = this.chunks.at(-1);
    this.length += chunkLength(chunk);
    const follows =
      last !== undefined &&
      'source' in last &&
      'source' in chunk &&
      last.source === chunk.source &&
      last.end === chunk.start;
    if (follows) this.chunks[this.chunks.length - 1] = { ...last, end: chunk.end };
    else this.chunks.push(chunk);
  }
  /** True when the rope is exactly that piece of that source. */
  isCopyOf(source: ByteSource, start: number, end: number): boolean {
    if (this.length !== end - start) return false;
    if (this.length === 0) return true;
    const [only] = this.chunks;
    return (
      this.chunks.length === 1 &&
      only !== undefined &&
      'source' in only &&
      only.source === source &&
      only.start === start
    );
  }
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
  return bytes;
}

/** A length-delimited field number `number` with `payload` in it. */
export function frame(number: number, payload: Rope | Uint8Array): Rope {
  const chunks = payload instanceof Rope ? payload.chunks : [payload];
  const header = [...varint(number * 8 + BYTES), ...varint(payload.length)];
  return new Rope().add(new Uint8Array(header), ...chunks);
}

/** A text field. */
export const textField = (number: number, text: string): Rope =>
  frame(number, new TextEncoder().encode(text));

/** An integer field; `value` is not negative. */
export const integerField = (number: number, value: number): Rope =>
  new Rope().add(new Uint8Array([...varint(number * 8), ...varint(value)]));
