import {
  BLOCK,
  VALUES,
  nonFiniteMask,
  greater,
  laneCount,
  laneMaximum,
  laneMinimum,
  laneSum,
  lesser,
} from './lanes';

/** Results so far. Read by the loader after the last piece. */
export let rangeMinimum: f32 = 0;
export let rangeMaximum: f32 = 0;
export let rangeSum: f64 = 0;
export let rangeFinite: f64 = 0;

/** Forgets what the pieces before have given. */
export function rangeStart(): void {
  rangeMinimum = Infinity;
  rangeMaximum = -Infinity;
  rangeSum = 0;
  rangeFinite = 0;
}

/** Takes in `count` values (a multiple of 4: the loader pads with NaN) from the input area. */
export function rangeAdd(count: i32): void {
  for (let start = 0; start < count; start += BLOCK) {
    const end = min(start + BLOCK, count);
    let low = f32x4.splat(Infinity);
    let high = f32x4.splat(-Infinity);
    let sum = f32x4.splat(0);
    let outside = i32x4.splat(0);
    // Eight at a time, for the loop costs as much as a vector of it; sums stay in the order of the lanes.
    let i = start;
    for (; i + 8 <= end; i += 8) {
      const at = VALUES + ((<usize>i) << 2);
      const x = v128.load(at);
      const y = v128.load(at, 16);
      const outX = nonFiniteMask(x);
      const outY = nonFiniteMask(y);
      // All ones are NaN, which neither comparison takes.
      const keptX = v128.or(x, outX);
      const keptY = v128.or(y, outY);
      low = f32x4.pmin(f32x4.pmin(low, keptX), keptY);
      high = f32x4.pmax(f32x4.pmax(high, keptX), keptY);
      sum = f32x4.add(f32x4.add(sum, v128.andnot(x, outX)), v128.andnot(y, outY));
      outside = i32x4.sub(outside, i32x4.add(outX, outY));
    }
    for (; i < end; i += 4) {
      const x = v128.load(VALUES + ((<usize>i) << 2));
      const out = nonFiniteMask(x);
      const kept = v128.or(x, out);
      low = f32x4.pmin(low, kept);
      high = f32x4.pmax(high, kept);
      sum = f32x4.add(sum, v128.andnot(x, out));
      outside = i32x4.sub(outside, out);
    }
    rangeMinimum = lesser(rangeMinimum, laneMinimum(low));
    rangeMaximum = greater(rangeMaximum, laneMaximum(high));
    rangeSum += laneSum(sum);
    rangeFinite += <f64>(end - start - laneCount(outside));
  }
}
