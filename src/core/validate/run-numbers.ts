import { runFloats } from '../calibrate/run-floats.ts';
import type { RunTensor } from '../inputs/run-tensor.ts';

/**
 * The numbers of a tensor of a run as f32: those of float types as they are, integers as far as f32 holds them. What matters of
 * wide integers, whether they are equal, `countUnequal` tells.
 */
export const runNumbers = (tensor: RunTensor): Float32Array =>
  runFloats(tensor) ?? Float32Array.from(tensor.data, Number);

/** True where both hold the same bits, at any width. */
export function hasSameBits({ data: a }: RunTensor, { data: b }: RunTensor): boolean {
  if (a.byteLength !== b.byteLength) return false;
  const x = new Uint8Array(a.buffer, a.byteOffset, a.byteLength);
  const y = new Uint8Array(b.buffer, b.byteOffset, b.byteLength);
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return false;
  return true;
}

/** Elements whose bits differ: what f32 is too narrow to tell for 64-bit numbers. */
export function countUnequal({ data: a }: RunTensor, { data: b }: RunTensor): number {
  let unequal = 0;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) unequal++;
  return unequal;
}
