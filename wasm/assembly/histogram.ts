import { COUNTS, VALUES, finiteMask } from './lanes';

/** Empties `bins` counters and the one behind them. */
export function histogramStart(bins: i32): void {
  memory.fill(COUNTS, 0, (<usize>(bins + 1)) << 2);
}

/**
 * Counts `count` values (a multiple of 4) into `bins` equal bins. `halfLow` is half the lower end and `factor` twice
 * the bins per unit: halves keep the subtraction finite for any two f32. Values that are not finite go behind the bins.
 */
export function histogramAdd(count: i32, bins: i32, halfLow: f32, factor: f32): void {
  const last = i32x4.splat(bins - 1);
  const outside = i32x4.splat(bins);
  for (let i = 0; i < count; i += 4) {
    const x = v128.load(VALUES + ((<usize>i) << 2));
    const offset = f32x4.sub(f32x4.mul(x, f32x4.splat(0.5)), f32x4.splat(halfLow));
    let bin = i32x4.trunc_sat_f32x4_s(f32x4.mul(offset, f32x4.splat(factor)));
    bin = i32x4.min_s(i32x4.max_s(bin, i32x4.splat(0)), last);
    bin = v128.bitselect(bin, outside, finiteMask(x));
    increment(i32x4.extract_lane(bin, 0));
    increment(i32x4.extract_lane(bin, 1));
    increment(i32x4.extract_lane(bin, 2));
    increment(i32x4.extract_lane(bin, 3));
  }
}

function increment(bin: i32): void {
  const at = COUNTS + ((<usize>bin) << 2);
  store<u32>(at, load<u32>(at) + 1);
}
