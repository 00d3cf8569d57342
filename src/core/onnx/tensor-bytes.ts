import type { ByteSource } from '../base/byte-source.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { cancelled, readFailed, tensorSizeMismatch } from '../base/diagnostics.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { TensorBytes } from '../ir/tensor.ts';
import type { ByteImage } from './byte-image.ts';

/** Reads exactly `length` bytes; a failing or short source becomes a diagnostic. */
export async function readSource(
  source: ByteSource,
  offset: number,
  length: number,
  signal?: AbortSignal,
): Promise<Result<Uint8Array>> {
  let bytes: Uint8Array;
  try {
    bytes = await source.read(offset, length, signal);
  } catch (error) {
    if (signal?.aborted === true) return fail(cancelled());
    return fail(readFailed(source.name, error instanceof Error ? error.message : String(error)));
  }
  return bytes.length === length
    ? ok(bytes)
    : fail(readFailed(source.name, `it gave ${bytes.length} of ${length} bytes at ${offset}`));
}

/** Bytes that are made in memory when somebody asks, once. */
class LazyBytes implements TensorBytes {
  readonly byteLength: number;
  private readonly name: string;
  private readonly make: () => Uint8Array | undefined;
  private made: Uint8Array | undefined;

  constructor(name: string, byteLength: number, make: () => Uint8Array | undefined) {
    this.name = name;
    this.byteLength = byteLength;
    this.make = make;
  }
  resident(): Uint8Array | undefined {
    this.made ??= this.make();
    return this.made?.length === this.byteLength ? this.made : undefined;
  }
  read(): Promise<Result<Uint8Array>> {
    const bytes = this.resident();
    if (bytes) return Promise.resolve(ok(bytes));
    const problem = tensorSizeMismatch(this.name, this.byteLength, this.made?.length ?? 0);
    return Promise.resolve(fail({ ...problem, severity: 'error' }));
  }
}

/** Bytes that `make` makes when somebody asks; it gives undefined, or too few, where it cannot. */
export const lazyBytes = (
  name: string,
  byteLength: number,
  make: () => Uint8Array | undefined,
): TensorBytes => new LazyBytes(name, byteLength, make);

/** Bytes of a file as far as it is in memory; those that are not are read again whenever somebody asks. */
export class ImageBytes implements TensorBytes {
  readonly byteLength: number;
  private readonly image: ByteImage;
  private readonly start: number;

  constructor(image: ByteImage, start: number, end: number) {
    this.image = image;
    this.start = start;
    this.byteLength = end - start;
  }
  resident(): Uint8Array | undefined {
    return this.image.bytes(this.start, this.start + this.byteLength);
  }
  read(signal?: AbortSignal): Promise<Result<Uint8Array>> {
    const bytes = this.resident();
    return bytes
      ? Promise.resolve(ok(bytes))
      : readSource(this.image.source, this.start, this.byteLength, signal);
  }
}

/** Bytes that lie in a source and are read again whenever somebody asks. */
export function sourceBytes(source: ByteSource, offset: number, length: number): TensorBytes {
  return {
    byteLength: length,
    resident: () => source.resident?.subarray(offset, offset + length),
    read: (signal) => readSource(source, offset, length, signal),
  };
}

/** Bytes that cannot be had, and why: a warning about the model is an error for whoever wants the bytes. */
export function absentBytes(byteLength: number, why: Diagnostic): TensorBytes {
  const error: Diagnostic = { ...why, severity: 'error' };
  return { byteLength, resident: () => undefined, read: () => Promise.resolve(fail(error)) };
}
