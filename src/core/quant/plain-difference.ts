import { assert } from '../base/assert.ts';
import { BLOCK, at, fround, greater, isFinite32, laneMaximum, laneSum } from './plain-lanes.ts';
import type { ArrayDifference, DifferenceLimits } from './quant-kernels.ts';

/** The accumulators of `difference`, and its one step. */
class DifferenceSum {
  private readonly floor: number;
  private readonly step: number;
  private readonly total = {
    count: 0,
    unequal: 0,
    nonFinite: 0,
    beyondStep: 0,
    maxAbsError: 0,
    maxRelativeError: 0,
    sumAbsError: 0,
    sumSquaredError: 0,
    sumSquares: 0,
    sumOtherSquares: 0,
    sumProducts: 0,
  };
  private readonly most = new Float32Array(4);
  private readonly mostRelative = new Float32Array(4);
  private readonly sums = new Float32Array(4);
  private readonly squares = new Float32Array(4);
  private readonly signal = new Float32Array(4);
  private readonly otherSignal = new Float32Array(4);
  private readonly products = new Float32Array(4);

  constructor({ floor, step }: DifferenceLimits) {
    this.floor = fround(floor);
    this.step = fround(step);
  }
  add(lane: number, x: number, y: number): void {
    const { total, most, mostRelative, sums, squares, signal, otherSignal, products } = this;
    const isUnequal = !Object.is(x, y);
    if (isUnequal) total.unequal++;
    if (!isFinite32(x) || !isFinite32(y)) {
      if (isUnequal) total.nonFinite++;
      return;
    }
    total.count++;
    const error = fround(y - x);
    const size = Math.abs(error);
    const relative = fround(size / greater(Math.abs(x), this.floor));
    most[lane] = greater(at(most, lane), size);
    mostRelative[lane] = greater(at(mostRelative, lane), relative);
    sums[lane] = at(sums, lane) + size;
    squares[lane] = at(squares, lane) + fround(error * error);
    signal[lane] = at(signal, lane) + fround(x * x);
    otherSignal[lane] = at(otherSignal, lane) + fround(y * y);
    products[lane] = at(products, lane) + fround(x * y);
    if (size > this.step) total.beyondStep++;
  }
  closeBlock(): void {
    const { total, most, mostRelative, sums, squares, signal, otherSignal, products } = this;
    total.maxAbsError = greater(total.maxAbsError, laneMaximum(most));
    total.maxRelativeError = greater(total.maxRelativeError, laneMaximum(mostRelative));
    total.sumAbsError += laneSum(sums);
    total.sumSquaredError += laneSum(squares);
    total.sumSquares += laneSum(signal);
    total.sumOtherSquares += laneSum(otherSignal);
    total.sumProducts += laneSum(products);
    for (const lanes of [most, mostRelative, sums, squares, signal, otherSignal, products])
      lanes.fill(0);
  }
  result(): ArrayDifference {
    return { ...this.total };
  }
}

/** The plain twin of `QuantKernels.difference`. */
export function plainDifference(
  reference: Float32Array,
  other: Float32Array,
  limits: DifferenceLimits,
): ArrayDifference {
  assert(other.length === reference.length, 'arrays to compare are equally long');
  const sum = new DifferenceSum(limits);
  for (let i = 0; i < reference.length; i++) {
    sum.add(i & 3, at(reference, i), at(other, i));
    if (i % BLOCK === BLOCK - 1 || i === reference.length - 1) sum.closeBlock();
  }
  return sum.result();
}
