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
  const levels = MAGNITUDES[type];
  const binsPerUnit = threshold / HIGHEST[type];
  for (let k = 1; k < levels.length; k++) {
    const middle = ((levels[k - 1]! + levels[k]!) / 2) * binsPerUnit;
    starts[k] = Math.min(end, Math.max(0, Math.ceil(middle - 0.5)));
  }
  starts[0] = 0;
  starts[levels.length] = end;
}
