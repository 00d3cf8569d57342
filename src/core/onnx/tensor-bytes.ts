import type { ByteSource } from '../base/byte-source.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { cancelled, readFailed, tensorSizeMismatch } from '../base/diagnostics.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { TensorBytes } from '../ir/tensor.ts';

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

/** Bytes that are in memory. */
export function residentBytes(bytes: Uint8Array): TensorBytes {
  return {
    byteLength: bytes.length,
    resident: () => bytes,
    read: () => Promise.resolve(ok(bytes)),
  };
}

/** Bytes that are made in memory when somebody asks, once. */
export function lazyBytes(
  name: string,
  byteLength: number,
  make: () => Uint8Array | undefined,
): TensorBytes {
  let made: Uint8Array | undefined;
  const resident = (): Uint8Array | undefined => {
    made ??= make();
    return made?.length === byteLength ? made : undefined;
  };
  const mismatch = (): Diagnostic => ({
    ...tensorSizeMismatch(name, byteLength, made?.length ?? 0),
    severity: 'error',
  });
  return {
    byteLength,
    resident,
    read: () => {
      const bytes = resident();
      return Promise.resolve(bytes ? ok(bytes) : fail(mismatch()));
    },
  };
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
