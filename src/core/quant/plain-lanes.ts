// Building blocks of the plain kernels, as wasm/assembly/lanes.ts has them.

/** Values that are summed in f32 lanes before the lanes go to f64. */
export const BLOCK = 1024;

/** Rounds to f32. */
export const fround = Math.fround;
/** The smaller of two; the first where neither is smaller. Not Math.min: that orders -0 before 0 and passes NaN on. */
export const lesser = (a: number, b: number): number => (b < a ? b : a);
/** The greater of two; the first where neither is greater. */
export const greater = (a: number, b: number): number => (a < b ? b : a);
/** Neither NaN nor infinite. */
export const isFinite32 = (x: number): boolean => x - x === 0;

/** Lane `lane` of a register that certainly has it. */
export const at = (lanes: Float32Array, lane: number): number => lanes[lane]!;

/** Four lanes added in their order, in f64. */
export const laneSum = (lanes: Float32Array): number =>
  at(lanes, 0) + at(lanes, 1) + at(lanes, 2) + at(lanes, 3);
/** The smallest lane. */
export const laneMinimum = (lanes: Float32Array): number => lanes.reduce(lesser);
/** The greatest lane. */
export const laneMaximum = (lanes: Float32Array): number => lanes.reduce(greater);
