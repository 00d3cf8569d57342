import { COUNTS, VALUES, binOffsets } from './lanes';

/** Empties `bins` counters and the one behind them. */
export function histogramStart(bins: i32): void {
  memory.fill(COUNTS, 0, (<usize>(bins + 1)) << 2);
}

/**
 * Counts `count` values (a multiple of 4) into `bins` equal bins. `halfLow` is half the lower end and `factor` twice
 * the bins per unit: halves keep the subtraction finite for any two f32. Values that are not finite go behind the bins.
 */
export function histogramAdd(count: i32, bins: i32, halfLow: f32, factor: f32): void {
  const last = f32x4.splat(<f32>(bins - 1));
  const outside = f32x4.splat(<f32>bins);
  const half = f32x4.splat(0.5);
  const low = f32x4.splat(halfLow);
  const factors = f32x4.splat(factor);
  for (let i = 0; i < count; i += 4) {
    const x = v128.load(VALUES + ((<usize>i) << 2));
    const position = f32x4.mul(f32x4.sub(f32x4.mul(x, half), low), factors);
    const at = binOffsets(position, x, last, outside);
    increment(i32x4.extract_lane(at, 0));
    increment(i32x4.extract_lane(at, 1));
    increment(i32x4.extract_lane(at, 2));
    increment(i32x4.extract_lane(at, 3));
  }
}

function increment(offset: i32): void {
  store<u32>(<usize>offset, load<u32>(<usize>offset, COUNTS) + 1, COUNTS);
}
