import { runFloats } from '../calibrate/run-floats.ts';
import { bytesOf } from '../inputs/run-arrays.ts';
import type { RunData, RunTensor } from '../inputs/run-tensor.ts';

/**
 * The numbers of a tensor of a run as f32: those of float types as they are, integers as far as f32 holds them. What matters of
 * wide integers, whether they are equal, `countUnequal` tells.
 */
export const runNumbers = (tensor: RunTensor): Float32Array =>
  runFloats(tensor) ?? Float32Array.from(tensor.data, Number);

/** True where both hold the same bits, at any width. */
export function hasSameBits({ data: a }: RunTensor, { data: b }: RunTensor): boolean {
  if (a.byteLength !== b.byteLength) return false;
  const [x, y] = [words(a), words(b)];
  // Views of unlike width are compared as bytes; the runtime gives aligned arrays.
  const [p, q] = x.length === y.length ? [x, y] : [bytesOf(a), bytesOf(b)];
  for (let i = 0; i < p.length; i++) if (p[i] !== q[i]) return false;
  return true;
}

/** The bits in pieces of 32, where the array lies so that it has them; else in bytes. */
function words(data: RunData): Uint32Array | Uint8Array {
  const { buffer, byteOffset, byteLength } = data;
  return byteOffset % 4 === 0 && byteLength % 4 === 0
    ? new Uint32Array(buffer, byteOffset, byteLength / 4)
    : bytesOf(data);
}

/** Elements whose bits differ: what f32 is too narrow to tell for 64-bit numbers. */
export function countUnequal({ data: a }: RunTensor, { data: b }: RunTensor): number {
  let unequal = 0;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) unequal++;
  return unequal;
}
