/** What `QuantKernels.range` finds. Values that are NaN or infinite are left out of all but `nonFinite`. */
export interface ValueRange {
  /** +Infinity when no value is finite. */
  readonly minimum: number;
  /** -Infinity when no value is finite. */
  readonly maximum: number;
  /** Summed in four f32 lanes for each 1,024 values, then in f64. */
  readonly sum: number;
  readonly finite: number;
  readonly nonFinite: number;
}

/** The numbers that a quantized type holds, before scale and zero point. */
export interface QuantGrid {
  /** The ends, both included: -128 and 127 for int8, -448 and 448 for float8e4m3fn. */
  readonly lowest: number;
  readonly highest: number;
  /** Absent for integers. A float type's steps: that of its denormals, and that between 1 and 2; powers of two. */
  readonly steps?: { readonly smallest: number; readonly perExponent: number };
}

/** What quantizing and back changes. Values that are NaN or infinite are left out of all of it. */
export interface QuantizeError {
  /** Greatest |x' - x|. */
  readonly maxAbsError: number;
  /** Sum of (x' - x)², in four f32 lanes for each 1,024 values, then in f64. */
  readonly sumSquaredError: number;
  /** Sum of x², summed in the same way. */
  readonly sumSquares: number;
  /** Values that the ends of the grid cut off. */
  readonly saturated: number;
  readonly finite: number;
}

/** One scale and zero point over a whole array, and the type that it is quantized to. */
export interface Quantization {
  readonly scale: number;
  readonly zeroPoint: number;
  readonly grid: QuantGrid;
}

/** What of a type's range was used, and what did not fit. */
export interface RangeUse {
  /** Numbers that the lower and the upper end cut off; infinite ones among them. */
  readonly below: number;
  readonly above: number;
  /** The smallest and the largest quantized number that was given, relative to the zero point; Infinity and -Infinity for none. */
  readonly lowest: number;
  readonly highest: number;
}

/** How relative errors and errors of more than a step are counted. */
export interface DifferenceLimits {
  /** Relative errors are to |a|, but at least to this, in f32; 0 lets an error at 0 be infinite. */
  readonly floor: number;
  /** Errors above this are counted, in f32; Infinity counts none. */
  readonly step: number;
}

/** How two arrays differ. Only pairs that are finite on both sides count, but in `unequal` and `nonFinite`. */
export interface ArrayDifference {
  /** Pairs that are finite on both sides. */
  readonly count: number;
  /** Pairs whose bits differ, without those that are NaN on both sides. */
  readonly unequal: number;
  /** Pairs that are unequal and not finite on one side or both. */
  readonly nonFinite: number;
  /** Pairs that are further apart than the step. */
  readonly beyondStep: number;
  /** Greatest |b - a|. */
  readonly maxAbsError: number;
  /** Greatest |b - a| / max(|a|, floor). */
  readonly maxRelativeError: number;
  /** Σ |b - a|, Σ (b - a)², Σ a², Σ b², Σ a b: each in four f32 lanes for each 1,024 values, then in f64. */
  readonly sumAbsError: number;
  readonly sumSquaredError: number;
  readonly sumSquares: number;
  readonly sumOtherSquares: number;
  readonly sumProducts: number;
}

/** Most bins that `QuantKernels.histogram` takes. */
export const MAX_HISTOGRAM_BINS = 1024;

/** Most bins that `QuantKernels.magnitudeHistogram` takes. */
export const MAX_MAGNITUDE_BINS = 2048;

/**
 * The loops over weights and over activations. There are two implementations, `plain-kernels.ts` and WebAssembly in `wasm/`, which give the
 * same bits: each does the f32 operations that its documentation names, lane `i mod 4` by lane, lanes then added in
 * order. Core gets one of them by injection.
 *
 * Quantizing is ONNX's: x' = (clamp(round(x / scale) + zeroPoint) - zeroPoint) · scale, in f32, with round half to
 * even; float types round to their own steps and have no zero point. Scales have to be finite and above zero, which the caller checks.
 */
export interface QuantKernels {
  readonly name: 'plain' | 'wasm-simd';
  /** Minimum, maximum and sum. */
  range(values: Float32Array): ValueRange;
  /**
   * Counts in `bins` (1 to 1,024) equal bins from `minimum` to `maximum`; values outside go to the end bins, values
   * that are not finite nowhere. All go to bin 0 when `maximum` is not above `minimum`.
   */
  histogram(values: Float32Array, minimum: number, maximum: number, bins: number): Uint32Array;
  /**
   * Counts |x| in `bins` (1 to 2,048) equal bins from 0 to `limit` (above zero); larger ones go to the last bin, values
   * that are not finite nowhere. The bin is the whole part of |x| · f32(bins / limit).
   */
  magnitudeHistogram(values: Float32Array, limit: number, bins: number): Uint32Array;
  /** The error at one scale and zero point. */
  quantizeError(
    values: Float32Array,
    scale: number,
    zeroPoint: number,
    grid: QuantGrid,
  ): QuantizeError;
  /** The error where each value has its own scale and zero point; the three arrays are equally long. */
  quantizeErrorEach(
    values: Float32Array,
    scales: Float32Array,
    zeroPoints: Float32Array,
    grid: QuantGrid,
  ): QuantizeError;
  /**
   * Quantizes `values` and back into `target`, which is as long and may be the same array. NaN stays NaN and counts nowhere,
   * infinite numbers become the ends; -0 comes only of float types.
   */
  fakeQuantize(values: Float32Array, quantization: Quantization, target: Float32Array): RangeUse;
  /** How `other` (b) differs from `reference` (a); the two are equally long. */
  difference(
    reference: Float32Array,
    other: Float32Array,
    limits: DifferenceLimits,
  ): ArrayDifference;
}

/** Bins per unit as the kernels use it: twice, because they halve values first. 0 where there is no width. */
export function histogramFactor(minimum: number, maximum: number, bins: number): number {
  return maximum > minimum ? Math.fround((2 * bins) / (maximum - minimum)) : 0;
}
