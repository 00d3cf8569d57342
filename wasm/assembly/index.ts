// Entry of the kernels module. Compiled by wasm/build-kernels.mjs; memory is static, there is no allocator.
export {
  CAPACITY,
  MAX_BINS,
  VALUES,
  SCALES,
  ZERO_POINTS,
  COUNTS,
  MAGNITUDES,
  MAGNITUDE_STRIDE,
} from './lanes';
export { rangeStart, rangeAdd, rangeMinimum, rangeMaximum, rangeSum, rangeFinite } from './range';
export { histogramStart, histogramAdd } from './histogram';
export { magnitudesStart, magnitudesAdd } from './magnitudes';
export {
  errorGrid,
  errorStart,
  errorAdd,
  errorMaximum,
  errorSquares,
  signalSquares,
  errorSaturated,
  errorFinite,
} from './quantize-error';
export { fakeStart, fakeAdd, fakeBelow, fakeAbove, fakeLowest, fakeHighest } from './fake-quantize';
export {
  differenceStart,
  differenceAdd,
  differenceFinite,
  differenceUnequal,
  differenceNonFinite,
  differenceBeyond,
  differenceMaximum,
  differenceRelative,
  differenceSum,
  differenceSquares,
  referenceSquares,
  otherSquares,
  differenceProducts,
} from './difference';
