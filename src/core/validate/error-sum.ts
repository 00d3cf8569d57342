import type { ArrayDifference, QuantKernels } from '../quant/quant-kernels.ts';
import type { TensorError } from './validation-report.ts';

/** Relative errors are to |a|, but at least to this share of the largest |a| of the batch: near 0 they would mean nothing. */
const FLOOR_SHARE = 1 / 1024;

/** Sums of `ArrayDifference` that add up, and those of which the largest counts. */
const ADDED = [
  'count',
  'unequal',
  'nonFinite',
  'beyondStep',
  'sumAbsError',
  'sumSquaredError',
  'sumSquares',
  'sumOtherSquares',
  'sumProducts',
] as const;

/** Sums up how far one tensor is from its reference, batch by batch; no numbers are kept. */
export class ErrorSum {
  private readonly kernels: QuantKernels;
  private readonly step: number | undefined;
  private total: ArrayDifference | undefined;

  /** `step`: one step of the tensor's quantizer, if it has one. */
  constructor(kernels: QuantKernels, step?: number) {
    this.kernels = kernels;
    this.step = step;
  }

  /** Takes one batch in; both arrays are equally long. */
  add(reference: Float32Array, other: Float32Array): void {
    const { minimum, maximum, finite } = this.kernels.range(reference);
    const largest = finite === 0 ? 0 : Math.max(-minimum, maximum);
    const found = this.kernels.difference(reference, other, {
      floor: largest * FLOOR_SHARE,
      step: this.step ?? Infinity,
    });
    const { total } = this;
    if (total === undefined) {
      this.total = found;
      return;
    }
    const sum: Record<keyof ArrayDifference, number> = {
      ...found,
      maxAbsError: Math.max(total.maxAbsError, found.maxAbsError),
      maxRelativeError: Math.max(total.maxRelativeError, found.maxRelativeError),
    };
    for (const key of ADDED) sum[key] = total[key] + found[key];
    this.total = sum;
  }

  /** What it comes to; undefined when nothing was added. */
  result(): TensorError | undefined {
    return this.total && errorOf(this.total, this.step);
  }
}

function errorOf(sums: ArrayDifference, step: number | undefined): TensorError {
  const { count, sumSquaredError: noise, sumSquares: signal } = sums;
  const isBroken = sums.nonFinite > 0 || !(noise < Infinity && signal < Infinity);
  return {
    count,
    unequal: sums.unequal,
    nonFinite: sums.nonFinite,
    maxAbsError: sums.nonFinite > 0 ? Infinity : sums.maxAbsError,
    meanAbsError: count > 0 ? sums.sumAbsError / count : 0,
    relativeError: noise === 0 ? 0 : Math.sqrt(noise / signal),
    maxRelativeError: sums.maxRelativeError,
    cosine: isBroken ? 0 : cosineOf(sums),
    // A side that gives NaN or infinity is worse than any noise.
    sqnrDb: isBroken ? -Infinity : noise === 0 ? Infinity : 10 * Math.log10(signal / noise),
    rootMeanSquare: count > 0 ? Math.sqrt(signal / count) : 0,
    ...(step === undefined ? {} : { step, beyondStep: count > 0 ? sums.beyondStep / count : 0 }),
  };
}

/** The sums are rounded: what is equal must give 1, and nothing more than 1. */
function cosineOf({
  sumSquares,
  sumOtherSquares,
  sumProducts,
  sumSquaredError,
}: ArrayDifference): number {
  if (sumSquaredError === 0) return 1;
  const norm = Math.sqrt(sumSquares) * Math.sqrt(sumOtherSquares);
  return norm > 0 ? Math.max(-1, Math.min(1, sumProducts / norm)) : 0;
}
