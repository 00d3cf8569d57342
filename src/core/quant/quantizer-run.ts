import type { Tensor } from '../ir/tensor.ts';
import type { WeightQuantizer } from './find-weight-quantizer.ts';
import { quantGrid } from './quant-grids.ts';
import type { QuantGrid, QuantKernels, QuantizeError } from './quant-kernels.ts';
import { scaleLayout } from './scale-layout.ts';
import type { Granularity, ScaleLayout } from './scale-layout.ts';

/** What a quantizer does to a constant. Errors are in the unit of the values, SQNR in dB. */
export interface QuantizationStats {
  readonly granularity: Granularity;
  readonly axis?: number;
  readonly scales: readonly number[];
  /** Type that holds the quantized numbers: `int8`. */
  readonly quantizedType?: string;
  /** True for a constant that is stored quantized: what quantizing cost it is not in the file, the errors are 0. */
  readonly prequantized?: boolean;
  /** Scales that are not above zero or not finite; their values are left out of the errors. */
  readonly invalidScales?: number;
  readonly maxAbsError: number;
  readonly rootMeanSquareError: number;
  /** Infinity where nothing is lost. */
  readonly sqnrDb: number;
  /** Share of values that the range of the quantized type cuts off, 0 to 1. */
  readonly saturated: number;
}

/** Runs of one scale that are shorter than this are cheaper with a scale for each value than with a call for each run. */
const SHORTEST_RUN = 256;

const validScale = (scale: number): boolean => scale > 0 && scale < Infinity;

/** What one quantizer does to one constant, summed up block by block. */
export class QuantizerRun {
  private readonly quantizer: WeightQuantizer;
  private readonly layout: ScaleLayout;
  private readonly grid: QuantGrid;
  private readonly scales: Float32Array;
  private readonly zeroPoints: Float32Array | undefined;
  private readonly kernels: QuantKernels;
  private readonly total = {
    maxAbsError: 0,
    sumSquaredError: 0,
    sumSquares: 0,
    saturated: 0,
    finite: 0,
  };

  private constructor(
    quantizer: WeightQuantizer,
    layout: ScaleLayout,
    grid: QuantGrid,
    parameters: { readonly scales: Float32Array; readonly zeroPoints: Float32Array | undefined },
    kernels: QuantKernels,
  ) {
    this.quantizer = quantizer;
    this.layout = layout;
    this.grid = grid;
    this.scales = parameters.scales;
    this.zeroPoints = parameters.zeroPoints;
    this.kernels = kernels;
  }

  /** Undefined when the scales do not fit the tensor, or the type is none that a quantizer gives. */
  static open(
    tensor: Tensor,
    quantizer: WeightQuantizer,
    scales: Float32Array,
    zeroPoints: Float32Array | undefined,
    kernels: QuantKernels,
  ): QuantizerRun | undefined {
    const layout = scaleLayout(tensor.dims, quantizer.scale, quantizer.axis, quantizer.blockSize);
    const grid = quantGrid(quantizer.quantizedType);
    const fits = zeroPoints === undefined || zeroPoints.length === scales.length;
    if (!layout || !fits) return undefined;
    // DequantizeLinear also reads int32 biases: nothing is rounded there, any grid does.
    const any = { lowest: -Infinity, highest: Infinity };
    if (!grid && quantizer.kind === 'quantize') return undefined;
    return new QuantizerRun(quantizer, layout, grid ?? any, { scales, zeroPoints }, kernels);
  }

  /** The numbers that stored values from element `start` on stand for: themselves, unless they are stored quantized. */
  floatValues(stored: Float32Array, start: number): Float32Array {
    if (this.quantizer.kind === 'quantize') return stored;
    return stored.map((code, i) => {
      const at = this.layout.scaleOf(start + i);
      return Math.fround(code - this.zeroPointAt(at)) * this.scaleAt(at);
    });
  }

  /** Takes in the float values from element `start` on. */
  add(values: Float32Array, start: number): void {
    if (this.quantizer.kind === 'dequantize') return;
    if (this.layout.run < SHORTEST_RUN) {
      this.sum(this.errorOfEach(values, start));
      return;
    }
    for (let i = 0; i < values.length;) {
      const end = Math.min(values.length, i + this.layout.run - ((start + i) % this.layout.run));
      const at = this.layout.scaleOf(start + i);
      const scale = this.scaleAt(at);
      if (validScale(scale)) {
        const part = values.subarray(i, end);
        this.sum(this.kernels.quantizeError(part, scale, this.zeroPointAt(at), this.grid));
      }
      i = end;
    }
  }

  /** What the blocks so far add up to. */
  result(): QuantizationStats {
    const { maxAbsError, sumSquaredError, sumSquares, saturated, finite } = this.total;
    return {
      granularity: this.layout.granularity,
      ...(this.layout.axis === undefined ? {} : { axis: this.layout.axis }),
      scales: [...this.scales],
      quantizedType: this.quantizer.quantizedType,
      prequantized: this.quantizer.kind === 'dequantize',
      invalidScales: this.scales.filter((scale) => !validScale(scale)).length,
      maxAbsError,
      rootMeanSquareError: finite > 0 ? Math.sqrt(sumSquaredError / finite) : 0,
      sqnrDb: sumSquaredError > 0 ? 10 * Math.log10(sumSquares / sumSquaredError) : Infinity,
      saturated: finite > 0 ? saturated / finite : 0,
    };
  }

  private errorOfEach(values: Float32Array, start: number): QuantizeError {
    const scales = new Float32Array(values.length);
    const zeroPoints = new Float32Array(values.length);
    const kept = values.slice();
    for (let i = 0; i < values.length; i++) {
      const at = this.layout.scaleOf(start + i);
      const scale = this.scaleAt(at);
      scales[i] = scale;
      zeroPoints[i] = this.zeroPointAt(at);
      if (!validScale(scale)) kept[i] = NaN; // Kernels leave NaN out.
    }
    return this.kernels.quantizeErrorEach(kept, scales, zeroPoints, this.grid);
  }
  private sum(part: QuantizeError): void {
    const { total } = this;
    total.maxAbsError = Math.max(total.maxAbsError, part.maxAbsError);
    total.sumSquaredError += part.sumSquaredError;
    total.sumSquares += part.sumSquares;
    total.saturated += part.saturated;
    total.finite += part.finite;
  }
  private scaleAt(index: number): number {
    return this.scales[index] as number;
  }
  private zeroPointAt(index: number): number {
    return this.zeroPoints?.[index] ?? 0;
  }
}
