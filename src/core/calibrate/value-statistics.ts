import type { QuantKernels } from '../quant/quant-kernels.ts';

/** Bins of the histograms: as many as Model-Optimizer's and TensorRT's calibrators have. */
export const STATISTICS_BINS = 2048;
/** Below this the bins of a histogram would be denormal; no scale that small is of any use. */
const SMALLEST_LIMIT = 2 ** -100;

/** What was seen of a value so far. */
export interface ValueStatistics {
  /** +Infinity and -Infinity while nothing finite was seen. */
  readonly minimum: number;
  readonly maximum: number;
  /** Finite numbers. */
  readonly count: number;
  readonly nonFinite: number;
  /** `counts[i]` magnitudes lie in the i-th of equal bins from 0 to `limit`. */
  readonly counts: Float64Array;
  /** 0 while all numbers were 0: these stand in the first bin, as always. */
  readonly limit: number;
}

/** Largest magnitude that was seen; 0 when nothing was. */
export const largestMagnitude = ({ minimum, maximum }: ValueStatistics): number =>
  Math.max(0, -minimum, maximum);

/**
 * Collects the statistics of one value, block by block, in memory that does not grow. The first block that is not all zero
 * gives the histogram its end; when a larger magnitude comes, the end doubles until it fits, and bins merge two to one. So
 * the data is seen once, at the price that at least half of the bins are in use at the end, not all.
 */
export class StatisticsCollector implements ValueStatistics {
  minimum = Infinity;
  maximum = -Infinity;
  count = 0;
  nonFinite = 0;
  limit = 0;
  readonly counts = new Float64Array(STATISTICS_BINS);
  private readonly kernels: QuantKernels;

  constructor(kernels: QuantKernels) {
    this.kernels = kernels;
  }

  /** Takes numbers in; they are not kept. */
  add(values: Float32Array): void {
    const { minimum, maximum, finite, nonFinite } = this.kernels.range(values);
    this.nonFinite += nonFinite;
    this.count += finite;
    if (finite === 0) return;
    this.minimum = Math.min(this.minimum, minimum);
    this.maximum = Math.max(this.maximum, maximum);
    const magnitude = Math.max(-minimum, maximum);
    if (this.limit === 0 && magnitude > 0) this.limit = Math.max(magnitude, SMALLEST_LIMIT);
    if (this.limit === 0) {
      this.counts[0] = this.counts[0]! + finite;
      return;
    }
    while (magnitude > this.limit) this.double();
    const added = this.kernels.magnitudeHistogram(values, this.limit, STATISTICS_BINS);
    for (let bin = 0; bin < STATISTICS_BINS; bin++)
      this.counts[bin] = this.counts[bin]! + added[bin]!;
  }

  private double(): void {
    const { counts } = this;
    const half = STATISTICS_BINS / 2;
    for (let bin = 0; bin < half; bin++) counts[bin] = counts[2 * bin]! + counts[2 * bin + 1]!;
    counts.fill(0, half);
    this.limit *= 2;
  }
}
