import { MAGNITUDES } from './quantized-type.ts';
import type { QuantizedType } from './quantized-type.ts';
import { FIRST_THRESHOLD, prefixSums, roundingStarts, usedBins } from './threshold-bins.ts';

const xLogX = (x: number): number => (x > 0 ? x * Math.log(x) : 0);

/**
 * The number of bins to keep so that quantizing them changes the distribution least: the smallest Kullback-Leibler
 * divergence, the widest of equal ones. Source: "8-bit Inference with TensorRT" (NVIDIA, GTC 2017), and for the details
 * Model-Optimizer's histogram calibrator: of each candidate, what lies beyond is added to the last bin kept; the bins are
 * merged into 128 equal levels, and the count of a level is spread evenly over those of its bins that are not empty. The first bin
 * takes the count of the second: zeros, of which a ReLU makes many, are exact at any scale and have no say.
 *
 * E4M3, for which those calibrators have no entropy, merges the bins that round to one of its magnitudes.
 */
export function entropyThreshold(histogram: Float64Array, type: QuantizedType): number {
  const used = usedBins(histogram);
  const counts = histogram.slice(0, used);
  counts[0] = counts[1] ?? 0;
  const sums: Sums = {
    counts,
    total: prefixSums(counts, (count) => count),
    filled: prefixSums(counts, (count) => (count > 0 ? 1 : 0)),
    logs: prefixSums(counts, xLogX),
  };
  const starts = new Int32Array(MAGNITUDES[type].length + 1);
  let best = used;
  let smallest = Infinity;
  for (let threshold = Math.min(FIRST_THRESHOLD, used); threshold <= used; threshold++) {
    levelStarts(starts, type, threshold);
    const found = divergence(sums, starts, threshold);
    if (found > smallest) continue;
    smallest = found;
    best = threshold;
  }
  return best;
}

function levelStarts(starts: Int32Array, type: QuantizedType, threshold: number): void {
  if (type === 'float8e4m3fn') {
    roundingStarts(starts, type, threshold, threshold);
    return;
  }
  const levels = starts.length - 1;
  for (let k = 0; k <= levels; k++) starts[k] = Math.ceil((k * threshold) / levels);
}

/** Sums of the bins before each bin: of counts, of bins that are not empty, of count · log count. */
interface Sums {
  readonly counts: Float64Array;
  readonly total: Float64Array;
  readonly filled: Float64Array;
  readonly logs: Float64Array;
}

/**
 * KL(P‖Q) of the counts P, cut at `threshold`, and their quantized image Q, each normalized: with sums N and M,
 * (Σ p log p - Σ p log q) / N - log N + log M. Infinite where P has what Q has not.
 */
function divergence(sums: Sums, starts: Int32Array, threshold: number): number {
  const { counts, total, filled, logs } = sums;
  const all = total[counts.length]!;
  const kept = total[threshold]!;
  const beyond = all - kept;
  const last = counts[threshold - 1]!;
  if (kept === 0 || (last === 0 && beyond > 0)) return Infinity;
  const pLogP = logs[threshold]! - xLogX(last) + xLogX(last + beyond);
  let pLogQ = 0;
  for (let k = 0; k + 1 < starts.length; k++) {
    const start = starts[k]!;
    const end = starts[k + 1]!;
    const count = total[end]! - total[start]!;
    if (count === 0) continue;
    const log = Math.log(count / (filled[end]! - filled[start]!));
    // The last bin that is kept lies in the last level that has any.
    pLogQ += (end === threshold && start < end ? count + beyond : count) * log;
  }
  return (pLogP - pLogQ) / all - Math.log(all) + Math.log(kept);
}
