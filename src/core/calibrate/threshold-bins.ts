import { HIGHEST, MAGNITUDES } from './quantized-type.ts';
import type { QuantizedType } from './quantized-type.ts';

/** Smallest threshold that is tried, in bins: 128 levels cannot tell more bins apart (TensorRT, Model-Optimizer). */
export const FIRST_THRESHOLD = 128;

/** Sums of the bins before each bin, so that any stretch of bins is summed by one subtraction. */
export function prefixSums(
  counts: Float64Array,
  term: (count: number, bin: number) => number,
): Float64Array {
  const sums = new Float64Array(counts.length + 1);
  for (let bin = 0; bin < counts.length; bin++)
    sums[bin + 1] = sums[bin]! + term(counts[bin]!, bin);
  return sums;
}

/** Number of bins up to the last that is not empty; 0 when all are. */
export function usedBins(counts: Float64Array): number {
  let used = counts.length;
  while (used > 0 && counts[used - 1] === 0) used--;
  return used;
}

/** For each magnitude but 0 the middle between it and the one before: where rounding changes from one to the other. */
const middlesOf = (type: QuantizedType): Float64Array =>
  MAGNITUDES[type].map((level, k, levels) => (level + (levels[k - 1] ?? 0)) / 2);
const MIDDLES: Readonly<Record<QuantizedType, Float64Array>> = {
  int8: middlesOf('int8'),
  float8e4m3fn: middlesOf('float8e4m3fn'),
};

/**
 * Which bins round to which magnitude of `type` when the threshold lies at the upper edge of bin `threshold - 1`: those from
 * `starts[k]` to before `starts[k + 1]` to the k-th. Bins count as their centres; `starts` gets one entry more than there are
 * magnitudes, whose last is `end`.
 */
export function roundingStarts(
  starts: Int32Array,
  type: QuantizedType,
  threshold: number,
  end: number,
): void {
  const middles = MIDDLES[type];
  const binsPerUnit = threshold / HIGHEST[type];
  for (let k = 1; k < middles.length; k++)
    starts[k] = Math.min(end, Math.ceil(middles[k]! * binsPerUnit - 0.5));
  starts[0] = 0;
  starts[middles.length] = end;
}
