import { MAGNITUDES, MAGNITUDE_STRIDE, VALUES, binOffsets } from './lanes';

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
  const last = f32x4.splat(<f32>(bins - 1));
  const outside = f32x4.splat(<f32>bins);
  const factors = f32x4.splat(factor);
  for (let i = 0; i < count; i += 4) {
    const x = v128.load(VALUES + ((<usize>i) << 2));
    const at = binOffsets(f32x4.mul(f32x4.abs(x), factors), x, last, outside);
    increment(MAGNITUDES, i32x4.extract_lane(at, 0));
    increment(MAGNITUDES + MAGNITUDE_STRIDE, i32x4.extract_lane(at, 1));
    increment(MAGNITUDES + 2 * MAGNITUDE_STRIDE, i32x4.extract_lane(at, 2));
    increment(MAGNITUDES + 3 * MAGNITUDE_STRIDE, i32x4.extract_lane(at, 3));
  }
}

function increment(table: usize, offset: i32): void {
  const counter = table + <usize>offset;
  store<u32>(counter, load<u32>(counter) + 1);
}
