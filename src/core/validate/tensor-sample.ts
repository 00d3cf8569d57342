import { derivedSeed, RandomNumbers } from '../inputs/random-numbers.ts';
import type { QuantKernels } from '../quant/quant-kernels.ts';
import type { QuantizerRange, TensorDetail } from './validation-report.ts';

/** Bins of the histograms of a detail, both sides of 0 together. */
export const DETAIL_BINS = 256;
/** Most pairs that a scatter sample holds. */
export const SCATTER_PAIRS = 2000;
/** Below this, bins would be denormal. */
const SMALLEST_LIMIT = 2 ** -100;

/**
 * Collects what a picture of one tensor needs: histograms of both sides over the same bins, and pairs drawn evenly from all
 * numbers. The histograms start at the end of the first batch; a larger magnitude doubles the end and merges bins two to one.
 */
export class TensorSample {
  private limit = 0;
  private readonly before = new Float64Array(DETAIL_BINS);
  private readonly after = new Float64Array(DETAIL_BINS);
  /** a0, b0, a1, b1 … */
  private readonly pairs = new Float32Array(2 * SCATTER_PAIRS);
  private seen = 0;
  private readonly kernels: QuantKernels;
  private readonly random: RandomNumbers;
  private readonly tensor: string;

  constructor(tensor: string, kernels: QuantKernels) {
    this.tensor = tensor;
    this.kernels = kernels;
    // The same tensor draws the same places in every run.
    this.random = new RandomNumbers(derivedSeed(1, tensor));
  }

  /** Takes one batch in; both arrays are equally long. */
  add(before: Float32Array, after: Float32Array): void {
    for (const values of [before, after]) this.widen(values);
    this.count(this.before, before);
    this.count(this.after, after);
    this.draw(before, after);
  }

  detail(quantizer?: QuantizerRange): TensorDetail {
    const { limit } = this;
    return {
      tensor: this.tensor,
      before: { limit, counts: [...this.before] },
      after: { limit, counts: [...this.after] },
      ...(quantizer ? { quantizer } : {}),
      scatter: this.pairs.slice(0, 2 * Math.min(this.seen, SCATTER_PAIRS)),
    };
  }

  private widen(values: Float32Array): void {
    const { minimum, maximum, finite } = this.kernels.range(values);
    const magnitude = finite > 0 ? Math.max(-minimum, maximum) : 0;
    // Zeros counted while there was no limit stand in the two middle bins, where they belong with any.
    if (this.limit === 0 && magnitude > 0) this.limit = Math.max(magnitude, SMALLEST_LIMIT);
    if (this.limit === 0) return;
    for (; magnitude > this.limit; this.limit *= 2) {
      mergeOutwards(this.before);
      mergeOutwards(this.after);
    }
  }
  private count(counts: Float64Array, values: Float32Array): void {
    const { limit } = this;
    if (limit === 0) {
      const middle = DETAIL_BINS / 2;
      counts[middle] = counts[middle]! + this.kernels.range(values).finite;
      return;
    }
    const added = this.kernels.histogram(values, -limit, limit, DETAIL_BINS);
    for (let bin = 0; bin < DETAIL_BINS; bin++) counts[bin] = counts[bin]! + added[bin]!;
  }

  /** Reservoir sampling: number n replaces one that was drawn with probability 2000 / n. */
  private draw(before: Float32Array, after: Float32Array): void {
    for (let i = 0; i < before.length; i++) {
      const isRoom = this.seen < SCATTER_PAIRS;
      const at = isRoom ? this.seen : Math.floor(this.random.uniform() * (this.seen + 1));
      this.seen++;
      if (at >= SCATTER_PAIRS) continue;
      this.pairs[2 * at] = before[i]!;
      this.pairs[2 * at + 1] = after[i]!;
    }
  }
}

/** Twice the range: bins 2 k and 2 k + 1 become bin k of the inner half. */
function mergeOutwards(counts: Float64Array): void {
  const old = counts.slice();
  counts.fill(0);
  for (let bin = 0; bin < DETAIL_BINS; bin++) {
    const at = DETAIL_BINS / 4 + (bin >> 1);
    counts[at] = counts[at]! + old[bin]!;
  }
}
