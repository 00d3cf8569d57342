import { ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { TensorBytes } from './tensor.ts';

/** A class, because models have tens of thousands. */
class ResidentBytes implements TensorBytes {
  private readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
  get byteLength(): number {
    return this.bytes.length;
  }
  resident(): Uint8Array {
    return this.bytes;
  }
  read(): Promise<Result<Uint8Array>> {
    return Promise.resolve(ok(this.bytes));
  }
}

/** Bytes of a tensor that are in memory. */
export const residentBytes = (bytes: Uint8Array): TensorBytes => new ResidentBytes(bytes);
