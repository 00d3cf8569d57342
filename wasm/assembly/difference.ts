import { BLOCK, SCALES, VALUES, greater, laneCount, laneMaximum, laneSum } from './lanes';

/** Results so far. Read by the loader after the last piece. */
export let differenceFinite: f64 = 0;
export let differenceUnequal: f64 = 0;
export let differenceNonFinite: f64 = 0;
export let differenceBeyond: f64 = 0;
export let differenceMaximum: f32 = 0;
export let differenceRelative: f32 = 0;
export let differenceSum: f64 = 0;
export let differenceSquares: f64 = 0;
export let referenceSquares: f64 = 0;
export let otherSquares: f64 = 0;
export let differenceProducts: f64 = 0;

/** Forgets what the pieces before have given. */
export function differenceStart(): void {
  differenceFinite = 0;
  differenceUnequal = 0;
  differenceNonFinite = 0;
  differenceBeyond = 0;
  differenceMaximum = 0;
  differenceRelative = 0;
  differenceSum = 0;
  differenceSquares = 0;
  referenceSquares = 0;
  otherSquares = 0;
  differenceProducts = 0;
}

/**
 * Compares `count` values (a multiple of 4) with as many others, which lie where scales do. Relative errors are to |a|, but
 * at least to `floor`; errors above `step` are counted.
 */
export function differenceAdd(count: i32, floor: f32, step: f32): void {
  const least = f32x4.splat(floor);
  const steps = f32x4.splat(step);
  for (let start = 0; start < count; start += BLOCK) {
    const end = min(start + BLOCK, count);
    let most = f32x4.splat(0);
    let mostRelative = f32x4.splat(0);
    let sum = f32x4.splat(0);
    let squares = f32x4.splat(0);
    let signal = f32x4.splat(0);
    let otherSignal = f32x4.splat(0);
    let products = f32x4.splat(0);
    let outside = i32x4.splat(0);
    let unequal = i32x4.splat(0);
    let nonFinite = i32x4.splat(0);
    let beyond = i32x4.splat(0);
    for (let i = start; i < end; i += 4) {
      const at = (<usize>i) << 2;
      const a = v128.load(VALUES + at);
      const b = v128.load(SCALES + at);
      // x - x is NaN for what is not finite, and NaN stays NaN in a sum.
      const probe = f32x4.add(f32x4.sub(a, a), f32x4.sub(b, b));
      const out = f32x4.ne(probe, probe);
      const bothNaN = v128.and(f32x4.ne(a, a), f32x4.ne(b, b));
      const apart = v128.andnot(i32x4.ne(a, b), bothNaN);
      const x = v128.andnot(a, out);
      const y = v128.andnot(b, out);
      const error = f32x4.sub(y, x);
      const size = f32x4.abs(error);
      most = f32x4.pmax(most, size);
      mostRelative = f32x4.pmax(mostRelative, f32x4.div(size, f32x4.pmax(f32x4.abs(x), least)));
      sum = f32x4.add(sum, size);
      squares = f32x4.add(squares, f32x4.mul(error, error));
      signal = f32x4.add(signal, f32x4.mul(x, x));
      otherSignal = f32x4.add(otherSignal, f32x4.mul(y, y));
      products = f32x4.add(products, f32x4.mul(x, y));
      // A mask is -1 in each lane that it holds.
      outside = i32x4.sub(outside, out);
      unequal = i32x4.sub(unequal, apart);
      nonFinite = i32x4.sub(nonFinite, v128.and(apart, out));
      beyond = i32x4.sub(beyond, f32x4.gt(size, steps));
    }
    differenceFinite += <f64>(end - start - laneCount(outside));
    differenceUnequal += <f64>laneCount(unequal);
    differenceNonFinite += <f64>laneCount(nonFinite);
    differenceBeyond += <f64>laneCount(beyond);
    differenceMaximum = greater(differenceMaximum, laneMaximum(most));
    differenceRelative = greater(differenceRelative, laneMaximum(mostRelative));
    differenceSum += laneSum(sum);
    differenceSquares += laneSum(squares);
    referenceSquares += laneSum(signal);
    otherSquares += laneSum(otherSignal);
    differenceProducts += laneSum(products);
  }
}
