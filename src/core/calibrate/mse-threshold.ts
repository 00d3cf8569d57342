import { HIGHEST, MAGNITUDES } from './quantized-type.ts';
import type { QuantizedType } from './quantized-type.ts';
import { FIRST_THRESHOLD, prefixSums, roundingStarts, usedBins } from './threshold-bins.ts';

/**
 * The number of bins to keep so that the mean squared error of quantizing is least, each number counted as the centre of its
 * bin; the narrowest of equal ones. Source: the MSE method of Model-Optimizer's histogram calibrator, which tries the centres of
 * the bins as thresholds; here they are the upper edges, as with the other methods.
 *
 * With v the magnitude that a bin rounds to and x its centre, Σ n (x - v)² = Σ n x² - Σ (2 v Σ n x - v² Σ n): sums over
 * the bins of each magnitude, of which the first term is the same for all thresholds.
 */
export function mseThreshold(histogram: Float64Array, type: QuantizedType): number {
  const used = usedBins(histogram);
  const counts = histogram.subarray(0, used);
  const total = prefixSums(counts, (count) => count);
  const moment = prefixSums(counts, (count, bin) => count * (bin + 0.5));
  const levels = MAGNITUDES[type];
  const starts = new Int32Array(levels.length + 1);
  let best = used;
  let most = -Infinity;
  for (let threshold = Math.min(FIRST_THRESHOLD, used); threshold <= used; threshold++) {
    roundingStarts(starts, type, threshold, used);
    const binsPerUnit = threshold / HIGHEST[type];
    let gain = 0;
    for (let k = 1; k < levels.length; k++) {
      const start = starts[k]!;
      const end = starts[k + 1]!;
      if (start === end) continue;
      const v = levels[k]! * binsPerUnit;
      gain += v * (2 * (moment[end]! - moment[start]!) - v * (total[end]! - total[start]!));
    }
    if (gain <= most) continue;
    most = gain;
    best = threshold;
  }
  return best;
}
