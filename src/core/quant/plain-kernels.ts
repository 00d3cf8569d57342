import { assert } from '../base/assert.ts';
import { MAX_HISTOGRAM_BINS, MAX_MAGNITUDE_BINS, histogramFactor } from './quant-kernels.ts';
import { plainDifference } from './plain-difference.ts';
import {
  BLOCK,
  at,
  fround,
  greater,
  isFinite32,
  laneMaximum,
  laneMinimum,
  laneSum,
  lesser,
} from './plain-lanes.ts';
import type {
  QuantGrid,
  QuantKernels,
  Quantization,
  QuantizeError,
  RangeUse,
  ValueRange,
} from './quant-kernels.ts';

// The reference that the SIMD kernels of wasm/assembly are held to, bit for bit. A Float32Array of four plays the
// vector register: a store rounds to f32, and rounding an f64 sum, product or quotient of two f32 gives the f32 result.

/** Adding and taking away 1.5 · 2^52 leaves f64 no room for a fraction, and f64 rounds half to even. */
const SHIFTER = 6755399441055744;

/** Rounds half to even. From 2^24 on an f32 is an integer already. */
const nearest = (x: number): number => (Math.abs(x) < 16777216 ? x + SHIFTER - SHIFTER : x);

const bitsView = new Float32Array(1);
const bits = new Uint32Array(bitsView.buffer);

/** The power of two at or below |x|; 0 for denormals. */
function powerOfTwo(x: number): number {
  bitsView[0] = x;
  bits[0] = bits[0]! & 0x7f800000;
  return at(bitsView, 0);
}

/** Rounds to the steps of a float type, which grow with the exponent. Beyond twice the ends it does not matter how. */
function roundToFloat(
  x: number,
  low: number,
  high: number,
  steps: NonNullable<QuantGrid['steps']>,
): number {
  const near = lesser(greater(x, low + low), high + high);
  const step = greater(fround(powerOfTwo(near) * steps.perExponent), steps.smallest);
  return fround(nearest(fround(near / step)) * step);
}

function range(values: Float32Array): ValueRange {
  let minimum = Infinity;
  let maximum = -Infinity;
  let sum = 0;
  let finite = 0;
  for (let start = 0; start < values.length; start += BLOCK) {
    const low = new Float32Array(4).fill(Infinity);
    const high = new Float32Array(4).fill(-Infinity);
    const sums = new Float32Array(4);
    const end = Math.min(start + BLOCK, values.length);
    for (let i = start; i < end; i++) {
      const x = at(values, i);
      if (!isFinite32(x)) continue;
      const lane = i & 3;
      low[lane] = lesser(at(low, lane), x);
      high[lane] = greater(at(high, lane), x);
      sums[lane] = at(sums, lane) + x;
      finite++;
    }
    minimum = lesser(minimum, laneMinimum(low));
    maximum = greater(maximum, laneMaximum(high));
    sum += laneSum(sums);
  }
  return { minimum, maximum, sum, finite, nonFinite: values.length - finite };
}

function histogram(
  values: Float32Array,
  minimum: number,
  maximum: number,
  bins: number,
): Uint32Array {
  assert(bins >= 1 && bins <= MAX_HISTOGRAM_BINS, 'number of histogram bins');
  const counts = new Uint32Array(bins);
  const factor = histogramFactor(minimum, maximum, bins);
  const halfLow = fround(minimum * 0.5);
  for (const x of values) {
    if (!isFinite32(x)) continue;
    const position = fround(fround(fround(x * 0.5) - halfLow) * factor);
    // A width so small that `factor` is infinite makes NaN of the lowest value: that is bin 0.
    const bin = position >= 0 ? Math.min(Math.trunc(position), bins - 1) : 0;
    counts[bin] = counts[bin]! + 1;
  }
  return counts;
}

function magnitudeHistogram(values: Float32Array, limit: number, bins: number): Uint32Array {
  assert(bins >= 1 && bins <= MAX_MAGNITUDE_BINS, 'number of histogram bins');
  assert(limit > 0, 'end of the histogram');
  const counts = new Uint32Array(bins);
  const factor = fround(bins / limit);
  for (const x of values) {
    if (!isFinite32(x)) continue;
    const position = fround(Math.abs(x) * factor);
    // A width so small that `factor` is infinite makes NaN of 0: that is bin 0.
    const bin = position >= 0 ? Math.min(Math.trunc(position), bins - 1) : 0;
    counts[bin] = counts[bin]! + 1;
  }
  return counts;
}

/** The accumulators of `quantizeError`, and its one step. */
class ErrorSum {
  private maxAbsError = 0;
  private sumSquaredError = 0;
  private sumSquares = 0;
  private saturated = 0;
  private finite = 0;
  private readonly most = new Float32Array(4);
  private readonly squares = new Float32Array(4);
  private readonly signal = new Float32Array(4);

  private scale = 1;
  private low = 0;
  private high = 0;
  private readonly steps: QuantGrid['steps'];

  constructor(steps: QuantGrid['steps']) {
    this.steps = steps;
  }
  /** The scale and the ends of the grid, relative to the zero point, for the values to come. */
  use(scale: number, low: number, high: number): void {
    this.scale = scale;
    this.low = fround(low);
    this.high = fround(high);
  }
  add(lane: number, x: number): void {
    const { scale, low, high } = this;
    if (!isFinite32(x)) return;
    const scaled = fround(x / scale);
    const rounded = this.steps ? roundToFloat(scaled, low, high, this.steps) : nearest(scaled);
    if (rounded < low || rounded > high) this.saturated++;
    const clamped = lesser(greater(rounded, low), high);
    const error = fround(fround(clamped * scale) - x);
    this.most[lane] = greater(at(this.most, lane), Math.abs(error));
    this.squares[lane] = at(this.squares, lane) + fround(error * error);
    this.signal[lane] = at(this.signal, lane) + fround(x * x);
    this.finite++;
  }
  closeBlock(): void {
    this.maxAbsError = greater(this.maxAbsError, laneMaximum(this.most));
    this.sumSquaredError += laneSum(this.squares);
    this.sumSquares += laneSum(this.signal);
    for (const lanes of [this.most, this.squares, this.signal]) lanes.fill(0);
  }
  result(): QuantizeError {
    const { maxAbsError, sumSquaredError, sumSquares, saturated, finite } = this;
    return { maxAbsError, sumSquaredError, sumSquares, saturated, finite };
  }
}

function quantizeError(
  values: Float32Array,
  scale: number,
  zeroPoint: number,
  grid: QuantGrid,
): QuantizeError {
  const sum = new ErrorSum(grid.steps);
  sum.use(fround(scale), grid.lowest - zeroPoint, grid.highest - zeroPoint);
  for (let i = 0; i < values.length; i++) {
    sum.add(i & 3, at(values, i));
    if (i % BLOCK === BLOCK - 1 || i === values.length - 1) sum.closeBlock();
  }
  return sum.result();
}

function quantizeErrorEach(
  values: Float32Array,
  scales: Float32Array,
  zeroPoints: Float32Array,
  grid: QuantGrid,
): QuantizeError {
  assert(scales.length === values.length, 'a scale for each value');
  assert(zeroPoints.length === values.length, 'a zero point for each value');
  const sum = new ErrorSum(grid.steps);
  for (let i = 0; i < values.length; i++) {
    const zero = at(zeroPoints, i);
    sum.use(at(scales, i), fround(grid.lowest) - zero, fround(grid.highest) - zero);
    sum.add(i & 3, at(values, i));
    if (i % BLOCK === BLOCK - 1 || i === values.length - 1) sum.closeBlock();
  }
  return sum.result();
}

function fakeQuantize(
  values: Float32Array,
  { scale, zeroPoint, grid }: Quantization,
  target: Float32Array,
): RangeUse {
  assert(target.length === values.length, 'room for each value');
  const { steps } = grid;
  const s = fround(scale);
  const low = fround(grid.lowest - zeroPoint);
  const high = fround(grid.highest - zeroPoint);
  let below = 0;
  let above = 0;
  const lowest = new Float32Array(4).fill(Infinity);
  const highest = new Float32Array(4).fill(-Infinity);
  for (let i = 0; i < values.length; i++) {
    const scaled = fround(at(values, i) / s);
    const rounded = steps ? roundToFloat(scaled, low, high, steps) : nearest(scaled);
    if (rounded < low) below++;
    if (rounded > high) above++;
    let clamped = lesser(greater(rounded, low), high);
    // Float types have a -0, which `nearest` loses; integers have none.
    if (clamped === 0) clamped = steps ? scaled * 0 : 0;
    const lane = i & 3;
    lowest[lane] = lesser(at(lowest, lane), clamped);
    highest[lane] = greater(at(highest, lane), clamped);
    target[i] = clamped * s;
  }
  return { below, above, lowest: laneMinimum(lowest), highest: laneMaximum(highest) };
}

/** The kernels in plain TypeScript: the reference for the wasm kernels, and what core uses without them. */
export const plainKernels: QuantKernels = {
  name: 'plain',
  range,
  histogram,
  magnitudeHistogram,
  quantizeError,
  quantizeErrorEach,
  fakeQuantize,
  difference: plainDifference,
};
