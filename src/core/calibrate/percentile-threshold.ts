/**
 * The least number of bins that hold `percentile` percent of all numbers, zeros included. Source: the percentile method of
 * Model-Optimizer's histogram calibrator, which takes the lower edge of that bin; the upper one is taken here, so that 100
 * percent clips nothing and the threshold is never 0.
 */
export function percentileThreshold(histogram: Float64Array, percentile: number): number {
  const wanted = (percentile / 100) * histogram.reduce((sum, count) => sum + count, 0);
  let below = 0;
  for (let bin = 0; bin < histogram.length; bin++) {
    below += histogram[bin]!;
    if (below >= wanted) return bin + 1;
  }
  return histogram.length;
}
