import { assert } from '../src/core/base/assert.ts';
import {
  MAX_HISTOGRAM_BINS,
  MAX_MAGNITUDE_BINS,
  histogramFactor,
} from '../src/core/quant/quant-kernels.ts';
import type {
  ArrayDifference,
  DifferenceLimits,
  QuantGrid,
  QuantKernels,
  Quantization,
  QuantizeError,
  RangeUse,
} from '../src/core/quant/quant-kernels.ts';
import { KERNELS_BASE64 } from './kernels.generated.ts';

/** Base64 to one character a byte: in all browsers, workers and Node, but not in the compiler's ES library. */
declare function atob(base64: string): string;

/** What `wasm/assembly/index.ts` exports. */
interface KernelExports {
  readonly memory: WebAssembly.Memory;
  readonly CAPACITY: WebAssembly.Global<'i32'>;
  readonly VALUES: WebAssembly.Global<'i32'>;
  readonly SCALES: WebAssembly.Global<'i32'>;
  readonly ZERO_POINTS: WebAssembly.Global<'i32'>;
  readonly COUNTS: WebAssembly.Global<'i32'>;
  readonly MAGNITUDES: WebAssembly.Global<'i32'>;
  readonly MAGNITUDE_STRIDE: WebAssembly.Global<'i32'>;
  readonly rangeStart: () => void;
  readonly rangeAdd: (count: number) => void;
  readonly rangeMinimum: WebAssembly.Global<'f32'>;
  readonly rangeMaximum: WebAssembly.Global<'f32'>;
  readonly rangeSum: WebAssembly.Global<'f64'>;
  readonly rangeFinite: WebAssembly.Global<'f64'>;
  readonly histogramStart: (bins: number) => void;
  readonly histogramAdd: (count: number, bins: number, halfLow: number, factor: number) => void;
  readonly magnitudesStart: () => void;
  readonly magnitudesAdd: (count: number, bins: number, factor: number) => void;
  readonly errorStart: () => void;
  readonly errorGrid: (low: number, high: number, smallest: number, perExponent: number) => void;
  readonly errorAdd: (count: number, each: number, scale: number) => void;
  readonly errorMaximum: WebAssembly.Global<'f32'>;
  readonly errorSquares: WebAssembly.Global<'f64'>;
  readonly signalSquares: WebAssembly.Global<'f64'>;
  readonly errorSaturated: WebAssembly.Global<'f64'>;
  readonly errorFinite: WebAssembly.Global<'f64'>;
  readonly fakeStart: () => void;
  readonly fakeAdd: (count: number, scale: number) => void;
  readonly fakeBelow: WebAssembly.Global<'f64'>;
  readonly fakeAbove: WebAssembly.Global<'f64'>;
  readonly fakeLowest: WebAssembly.Global<'f32'>;
  readonly fakeHighest: WebAssembly.Global<'f32'>;
  readonly differenceStart: () => void;
  readonly differenceAdd: (count: number, floor: number, step: number) => void;
  readonly differenceFinite: WebAssembly.Global<'f64'>;
  readonly differenceUnequal: WebAssembly.Global<'f64'>;
  readonly differenceNonFinite: WebAssembly.Global<'f64'>;
  readonly differenceBeyond: WebAssembly.Global<'f64'>;
  readonly differenceMaximum: WebAssembly.Global<'f32'>;
  readonly differenceRelative: WebAssembly.Global<'f32'>;
  readonly differenceSum: WebAssembly.Global<'f64'>;
  readonly differenceSquares: WebAssembly.Global<'f64'>;
  readonly referenceSquares: WebAssembly.Global<'f64'>;
  readonly otherSquares: WebAssembly.Global<'f64'>;
  readonly differenceProducts: WebAssembly.Global<'f64'>;
}

/** How the module is told that a grid is of integers. */
const INTEGER_STEPS = { smallest: 0, perExponent: 0 };

/** Feeds arrays of any length through the module's static areas, piece by piece. */
class WasmKernels implements QuantKernels {
  readonly name = 'wasm-simd';
  private readonly wasm: KernelExports;
  private readonly capacity: number;
  private readonly values: Float32Array;
  private readonly scales: Float32Array;
  private readonly zeroPoints: Float32Array;

  constructor(wasm: KernelExports) {
    this.wasm = wasm;
    this.capacity = wasm.CAPACITY.value;
    const area = (start: WebAssembly.Global<'i32'>) =>
      new Float32Array(wasm.memory.buffer, start.value, this.capacity);
    this.values = area(wasm.VALUES);
    this.scales = area(wasm.SCALES);
    this.zeroPoints = area(wasm.ZERO_POINTS);
  }

  range(values: Float32Array) {
    const { wasm } = this;
    wasm.rangeStart();
    this.feed(values, (count) => {
      wasm.rangeAdd(count);
    });
    const finite = wasm.rangeFinite.value;
    return {
      minimum: wasm.rangeMinimum.value,
      maximum: wasm.rangeMaximum.value,
      sum: wasm.rangeSum.value,
      finite,
      nonFinite: values.length - finite,
    };
  }

  histogram(values: Float32Array, minimum: number, maximum: number, bins: number): Uint32Array {
    assert(bins >= 1 && bins <= MAX_HISTOGRAM_BINS, 'number of histogram bins');
    const { wasm } = this;
    const factor = histogramFactor(minimum, maximum, bins);
    wasm.histogramStart(bins);
    this.feed(values, (count) => {
      wasm.histogramAdd(count, bins, minimum * 0.5, factor);
    });
    return new Uint32Array(wasm.memory.buffer, wasm.COUNTS.value, bins).slice();
  }

  magnitudeHistogram(values: Float32Array, limit: number, bins: number): Uint32Array {
    assert(bins >= 1 && bins <= MAX_MAGNITUDE_BINS, 'number of histogram bins');
    assert(limit > 0, 'end of the histogram');
    const { wasm } = this;
    wasm.magnitudesStart();
    this.feed(values, (count) => {
      wasm.magnitudesAdd(count, bins, bins / limit);
    });
    const counts = new Uint32Array(bins);
    for (let lane = 0; lane < 4; lane++) {
      const start = wasm.MAGNITUDES.value + lane * wasm.MAGNITUDE_STRIDE.value;
      const table = new Uint32Array(wasm.memory.buffer, start, bins);
      for (let bin = 0; bin < bins; bin++) counts[bin] = counts[bin]! + table[bin]!;
    }
    return counts;
  }

  quantizeError(
    values: Float32Array,
    scale: number,
    zeroPoint: number,
    grid: QuantGrid,
  ): QuantizeError {
    this.startError(grid, zeroPoint);
    this.feed(values, (count) => {
      this.wasm.errorAdd(count, 0, scale);
    });
    return this.errorResult();
  }

  quantizeErrorEach(
    values: Float32Array,
    scales: Float32Array,
    zeroPoints: Float32Array,
    grid: QuantGrid,
  ): QuantizeError {
    assert(scales.length === values.length, 'a scale for each value');
    assert(zeroPoints.length === values.length, 'a zero point for each value');
    this.startError(grid, 0);
    this.feed(values, (count, start, end) => {
      this.scales.set(scales.subarray(start, end));
      this.zeroPoints.set(zeroPoints.subarray(start, end));
      this.wasm.errorAdd(count, 1, 1);
    });
    return this.errorResult();
  }

  fakeQuantize(
    values: Float32Array,
    { scale, zeroPoint, grid }: Quantization,
    target: Float32Array,
  ): RangeUse {
    assert(target.length === values.length, 'room for each value');
    const { wasm } = this;
    this.startError(grid, zeroPoint);
    wasm.fakeStart();
    this.feed(values, (count, start, end) => {
      wasm.fakeAdd(count, scale);
      // The results lie where scales do.
      target.set(this.scales.subarray(0, end - start), start);
    });
    return {
      below: wasm.fakeBelow.value,
      above: wasm.fakeAbove.value,
      lowest: wasm.fakeLowest.value,
      highest: wasm.fakeHighest.value,
    };
  }

  difference(
    reference: Float32Array,
    other: Float32Array,
    { floor, step }: DifferenceLimits,
  ): ArrayDifference {
    assert(other.length === reference.length, 'arrays to compare are equally long');
    const { wasm } = this;
    wasm.differenceStart();
    this.feed(reference, (count, start, end) => {
      this.scales.set(other.subarray(start, end));
      // NaN on both sides counts nowhere.
      this.scales.fill(NaN, end - start, count);
      wasm.differenceAdd(count, floor, step);
    });
    return {
      count: wasm.differenceFinite.value,
      unequal: wasm.differenceUnequal.value,
      nonFinite: wasm.differenceNonFinite.value,
      beyondStep: wasm.differenceBeyond.value,
      maxAbsError: wasm.differenceMaximum.value,
      maxRelativeError: wasm.differenceRelative.value,
      sumAbsError: wasm.differenceSum.value,
      sumSquaredError: wasm.differenceSquares.value,
      sumSquares: wasm.referenceSquares.value,
      sumOtherSquares: wasm.otherSquares.value,
      sumProducts: wasm.differenceProducts.value,
    };
  }

  private startError({ lowest, highest, steps }: QuantGrid, zeroPoint: number): void {
    const { smallest, perExponent } = steps ?? INTEGER_STEPS;
    this.wasm.errorGrid(lowest - zeroPoint, highest - zeroPoint, smallest, perExponent);
    this.wasm.errorStart();
  }
  private errorResult(): QuantizeError {
    const { wasm } = this;
    return {
      maxAbsError: wasm.errorMaximum.value,
      sumSquaredError: wasm.errorSquares.value,
      sumSquares: wasm.signalSquares.value,
      saturated: wasm.errorSaturated.value,
      finite: wasm.errorFinite.value,
    };
  }

  /** Copies `values` in and calls `run` for each piece, padded with NaN (which kernels skip) to whole vectors. */
  private feed(
    values: Float32Array,
    run: (count: number, start: number, end: number) => void,
  ): void {
    for (let start = 0; start < values.length; start += this.capacity) {
      const end = Math.min(start + this.capacity, values.length);
      const padded = (end - start + 3) & ~3;
      this.values.set(values.subarray(start, end));
      this.values.fill(NaN, end - start, padded);
      run(padded, start, end);
    }
  }
}

let loading: Promise<QuantKernels> | undefined;

/**
 * Makes the SIMD kernels ready, once per thread. Needs no fetch: the module is part of the code. Rejects only where
 * WebAssembly SIMD is missing, which no browser since 2021 and no Node since 16 does.
 */
export function loadKernels(): Promise<QuantKernels> {
  loading ??= instantiate();
  return loading;
}

async function instantiate(): Promise<QuantKernels> {
  const bytes = Uint8Array.from(atob(KERNELS_BASE64), (character) => character.charCodeAt(0));
  const { instance } = await WebAssembly.instantiate(bytes, {});
  return new WasmKernels(instance.exports as unknown as KernelExports);
}
