import { SCALES, VALUES, greater, laneCount, laneMaximum, laneMinimum, lesser } from './lanes';
import { gridHigh, gridLow, gridSmallest, roundToFloat } from './quantize-error';

/** Results so far. Read by the loader after the last piece. */
export let fakeBelow: f64 = 0;
export let fakeAbove: f64 = 0;
export let fakeLowest: f32 = 0;
export let fakeHighest: f32 = 0;

/** Forgets what the pieces before have given. */
export function fakeStart(): void {
  fakeBelow = 0;
  fakeAbove = 0;
  fakeLowest = Infinity;
  fakeHighest = -Infinity;
}

/**
 * Quantizes `count` values (a multiple of 4) to the grid of `errorGrid` and back; the results lie where scales do. NaN
 * stays NaN, which no comparison counts.
 */
export function fakeAdd(count: i32, scale: f32): void {
  const isFloat = gridSmallest > 0;
  const s = f32x4.splat(scale);
  const lo = f32x4.splat(gridLow);
  const hi = f32x4.splat(gridHigh);
  // Integers have no -0: adding 0 makes it 0, while adding -0 leaves everything as it is.
  const zero = f32x4.splat(isFloat ? -0.0 : 0.0);
  let below = i32x4.splat(0);
  let above = i32x4.splat(0);
  let lowest = f32x4.splat(Infinity);
  let highest = f32x4.splat(-Infinity);
  for (let i = 0; i < count; i += 4) {
    const at = (<usize>i) << 2;
    let rounded = f32x4.div(v128.load(VALUES + at), s);
    if (isFloat) rounded = roundToFloat(rounded, lo, hi);
    else rounded = f32x4.nearest(rounded);
    below = i32x4.sub(below, f32x4.lt(rounded, lo));
    above = i32x4.sub(above, f32x4.gt(rounded, hi));
    const clamped = f32x4.add(f32x4.pmin(f32x4.pmax(rounded, lo), hi), zero);
    lowest = f32x4.pmin(lowest, clamped);
    highest = f32x4.pmax(highest, clamped);
    v128.store(SCALES + at, f32x4.mul(clamped, s));
  }
  fakeBelow += <f64>laneCount(below);
  fakeAbove += <f64>laneCount(above);
  fakeLowest = lesser(fakeLowest, laneMinimum(lowest));
  fakeHighest = greater(fakeHighest, laneMaximum(highest));
}
