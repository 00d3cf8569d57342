// Building blocks of the kernels. Every step has a scalar twin in src/core/quant/plain-kernels.ts; the two must do the
// same f32 operations in the same order, because a test compares them bit for bit.

/** Floats that one block holds: lanes are summed in f32 for this many values, then added to an f64 total. */
export const BLOCK: i32 = 1024;

/** Floats that the input area holds. The caller feeds longer arrays piece by piece; a multiple of BLOCK. */
export const CAPACITY: i32 = 65536;

/** Bins that a histogram may have. One more counter takes the values that are not finite. */
export const MAX_BINS: i32 = 1024;

/** Bins that a histogram of magnitudes may have, and the bytes between its tables: one more counter for what is not finite. */
export const MAX_MAGNITUDE_BINS: i32 = 2048;
export const MAGNITUDE_STRIDE: usize = (2048 + 1) * 4;

/** Start of the values, of the scales and of the zero points (CAPACITY floats each), and of the histogram. */
export const VALUES: usize = memory.data(65536 * 4, 16);
export const SCALES: usize = memory.data(65536 * 4, 16);
export const ZERO_POINTS: usize = memory.data(65536 * 4, 16);
export const COUNTS: usize = memory.data((1024 + 1) * 4, 16);
/** Four tables of counts of magnitudes, one a lane. */
export const MAGNITUDES: usize = memory.data((2048 + 1) * 4 * 4, 16);

/** All ones in the lanes that are neither NaN nor infinite: only there is x - x zero. */
export function finiteMask(x: v128): v128 {
  return f32x4.eq(f32x4.sub(x, x), f32x4.splat(0));
}

/** All ones in the other lanes: x - x is NaN there, which differs from itself. */
export function nonFiniteMask(x: v128): v128 {
  const probe = f32x4.sub(x, x);
  return f32x4.ne(probe, probe);
}

/** Added to a whole number below 2,049 it leaves four times that number in the low bits, whose last stands for a quarter. */
const BIN_SHIFTER: f32 = 2097152;
const BIN_MASK: i32 = 0xffff;

/**
 * For positions on an axis of bins the offsets of their 32-bit counters: of the whole part from 0 to `last`, of 0 for NaN, and of
 * `outside` (above `last`) where `x` is not finite. Without a conversion to integers, which costs several instructions.
 */
export function binOffsets(position: v128, x: v128, last: v128, outside: v128): v128 {
  const bin = f32x4.pmin(f32x4.pmax(f32x4.splat(0), f32x4.floor(position)), last);
  const chosen = f32x4.pmax(bin, v128.and(outside, nonFiniteMask(x)));
  return v128.and(f32x4.add(chosen, f32x4.splat(BIN_SHIFTER)), i32x4.splat(BIN_MASK));
}

/** Adds four f32 lanes in lane order, in f64. */
export function laneSum(x: v128): f64 {
  let sum = <f64>f32x4.extract_lane(x, 0);
  sum += <f64>f32x4.extract_lane(x, 1);
  sum += <f64>f32x4.extract_lane(x, 2);
  sum += <f64>f32x4.extract_lane(x, 3);
  return sum;
}

/** Adds four i32 lanes. */
export function laneCount(x: v128): i32 {
  return (
    i32x4.extract_lane(x, 0) +
    i32x4.extract_lane(x, 1) +
    i32x4.extract_lane(x, 2) +
    i32x4.extract_lane(x, 3)
  );
}

/** The smaller of two; the first where neither is smaller. Not min(): that orders -0 before 0 and passes NaN on. */
export function lesser(a: f32, b: f32): f32 {
  return b < a ? b : a;
}

/** The greater of two; the first where neither is greater. */
export function greater(a: f32, b: f32): f32 {
  return a < b ? b : a;
}

/** Smallest lane, compared in lane order. */
export function laneMinimum(x: v128): f32 {
  let low = f32x4.extract_lane(x, 0);
  low = lesser(low, f32x4.extract_lane(x, 1));
  low = lesser(low, f32x4.extract_lane(x, 2));
  return lesser(low, f32x4.extract_lane(x, 3));
}

/** Greatest lane, compared in lane order. */
export function laneMaximum(x: v128): f32 {
  let high = f32x4.extract_lane(x, 0);
  high = greater(high, f32x4.extract_lane(x, 1));
  high = greater(high, f32x4.extract_lane(x, 2));
  return greater(high, f32x4.extract_lane(x, 3));
}
