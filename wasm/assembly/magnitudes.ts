import { MAGNITUDES, MAGNITUDE_STRIDE, VALUES, finiteMask } from './lanes';

/** Empties the four tables of counters, one a lane. */
export function magnitudesStart(): void {
  memory.fill(MAGNITUDES, 0, MAGNITUDE_STRIDE << 2);
}

/**
 * Counts the magnitudes of `count` values (a multiple of 4) into `bins` equal bins from 0 on; `factor` is bins per unit.
 * Values that are not finite go behind the bins. Each lane has a table of its own: activations are often mostly zero, and
 * increments of one counter have to wait for each other.
 */
export function magnitudesAdd(count: i32, bins: i32, factor: f32): void {
  const last = i32x4.splat(bins - 1);
  const outside = i32x4.splat(bins);
  for (let i = 0; i < count; i += 4) {
    const x = v128.load(VALUES + ((<usize>i) << 2));
    let bin = i32x4.trunc_sat_f32x4_s(f32x4.mul(f32x4.abs(x), f32x4.splat(factor)));
    bin = i32x4.min_s(bin, last);
    bin = v128.bitselect(bin, outside, finiteMask(x));
    increment(MAGNITUDES, i32x4.extract_lane(bin, 0));
    increment(MAGNITUDES + MAGNITUDE_STRIDE, i32x4.extract_lane(bin, 1));
    increment(MAGNITUDES + 2 * MAGNITUDE_STRIDE, i32x4.extract_lane(bin, 2));
    increment(MAGNITUDES + 3 * MAGNITUDE_STRIDE, i32x4.extract_lane(bin, 3));
  }
}

function increment(table: usize, bin: i32): void {
  const at = table + ((<usize>bin) << 2);
  store<u32>(at, load<u32>(at) + 1);
}
