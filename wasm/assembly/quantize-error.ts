import {
  BLOCK,
  SCALES,
  VALUES,
  ZERO_POINTS,
  finiteMask,
  greater,
  laneCount,
  laneMaximum,
  laneSum,
} from './lanes';

/** Results so far. Read by the loader after the last piece. */
export let errorMaximum: f32 = 0;
export let errorSquares: f64 = 0;
export let signalSquares: f64 = 0;
export let errorSaturated: f64 = 0;
export let errorFinite: f64 = 0;

// The grid that values are rounded to.
export let gridLow: f32 = 0;
export let gridHigh: f32 = 0;
export let gridSmallest: f32 = 0;
let gridPerExponent: f32 = 0;

/**
 * Sets the ends, relative to the zero point unless each value has its own. `smallest` is 0 for integers; for a float
 * type it is the step of its denormals, and `perExponent` the step that it has between 1 and 2.
 */
export function errorGrid(low: f32, high: f32, smallest: f32, perExponent: f32): void {
  gridLow = low;
  gridHigh = high;
  gridSmallest = smallest;
  gridPerExponent = perExponent;
}

/** Forgets what the pieces before have given. */
export function errorStart(): void {
  errorMaximum = 0;
  errorSquares = 0;
  signalSquares = 0;
  errorSaturated = 0;
  errorFinite = 0;
}

/** Rounds to the steps of a float type: those grow with the exponent. Beyond twice the ends it does not matter how. */
export function roundToFloat(x: v128, low: v128, high: v128): v128 {
  const near = f32x4.pmin(f32x4.pmax(x, f32x4.add(low, low)), f32x4.add(high, high));
  const power = v128.and(near, i32x4.splat(0x7f800000));
  const grown = f32x4.mul(power, f32x4.splat(gridPerExponent));
  const steps = f32x4.pmax(grown, f32x4.splat(gridSmallest));
  return f32x4.mul(f32x4.nearest(f32x4.div(near, steps)), steps);
}

/**
 * What quantizing changes, for `count` values (a multiple of 4). With `each`, scale and zero point of every value come
 * from their areas; else they are `scale` and 0.
 */
export function errorAdd(count: i32, each: bool, scale: f32): void {
  const low = gridLow;
  const high = gridHigh;
  const isFloat = gridSmallest > 0;
  let s = f32x4.splat(scale);
  let lo = f32x4.splat(low);
  let hi = f32x4.splat(high);
  for (let start = 0; start < count; start += BLOCK) {
    const end = min(start + BLOCK, count);
    let most = f32x4.splat(0);
    let squares = f32x4.splat(0);
    let signal = f32x4.splat(0);
    let saturated = i32x4.splat(0);
    let finite = i32x4.splat(0);
    for (let i = start; i < end; i += 4) {
      const at = (<usize>i) << 2;
      const x = v128.load(VALUES + at);
      if (each) {
        const zero = v128.load(ZERO_POINTS + at);
        s = v128.load(SCALES + at);
        lo = f32x4.sub(f32x4.splat(low), zero);
        hi = f32x4.sub(f32x4.splat(high), zero);
      }
      const mask = finiteMask(x);
      let rounded = f32x4.div(x, s);
      if (isFloat) rounded = roundToFloat(rounded, lo, hi);
      else rounded = f32x4.nearest(rounded);
      const cut = v128.or(f32x4.lt(rounded, lo), f32x4.gt(rounded, hi));
      const clamped = f32x4.pmin(f32x4.pmax(rounded, lo), hi);
      const error = v128.and(f32x4.sub(f32x4.mul(clamped, s), x), mask);
      const kept = v128.and(x, mask);
      most = f32x4.pmax(most, f32x4.abs(error));
      squares = f32x4.add(squares, f32x4.mul(error, error));
      signal = f32x4.add(signal, f32x4.mul(kept, kept));
      saturated = i32x4.sub(saturated, v128.and(cut, mask));
      finite = i32x4.sub(finite, mask);
    }
    errorMaximum = greater(errorMaximum, laneMaximum(most));
    errorSquares += laneSum(squares);
    signalSquares += laneSum(signal);
    errorSaturated += <f64>laneCount(saturated);
    errorFinite += <f64>laneCount(finite);
  }
}
