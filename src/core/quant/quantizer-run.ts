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

/** The constants of a quantizer as numbers, one for each scale. */
interface QuantizerParameters {
  readonly scales: Float32Array;
  readonly zeroPoints: Float32Array | undefined;
}

interface QuantizerRunParts extends QuantizerParameters {
  readonly quantizer: WeightQuantizer;
  readonly layout: ScaleLayout;
  readonly grid: QuantGrid;
  readonly kernels: QuantKernels;
}

/** What one quantizer does to one constant, summed up block by block. */
export class QuantizerRun {
  private readonly the: QuantizerRunParts;
  private readonly total = {
    maxAbsError: 0,
    sumSquaredError: 0,
    sumSquares: 0,
    saturated: 0,
    finite: 0,
  };

  private constructor(parts: QuantizerRunParts) {
    this.the = parts;
  }

  /** Undefined when the scales do not fit the tensor, or the type is none that a quantizer gives. */
  static open(
    tensor: Tensor,
    quantizer: WeightQuantizer,
    parameters: QuantizerParameters,
    kernels: QuantKernels,
  ): QuantizerRun | undefined {
    const { scales, zeroPoints } = parameters;
    const layout = scaleLayout(tensor.dims, quantizer.scale, quantizer.axis, quantizer.blockSize);
    const grid = quantGrid(quantizer.quantizedType);
    const fits = zeroPoints === undefined || zeroPoints.length === scales.length;
    if (!layout || !fits) return undefined;
    // DequantizeLinear also reads int32 biases: nothing is rounded there, any grid does.
    const any = { lowest: -Infinity, highest: Infinity };
    if (!grid && quantizer.kind === 'quantize') return undefined;
    return new QuantizerRun({ quantizer, layout, grid: grid ?? any, ...parameters, kernels });
  }

  /** The numbers that stored values from element `start` on stand for: themselves, unless they are stored quantized. */
  floatValues(stored: Float32Array, start: number): Float32Array {
    if (this.the.quantizer.kind === 'quantize') return stored;
    return stored.map((code, i) => {
      const at = this.the.layout.scaleOf(start + i);
      return Math.fround(code - this.zeroPointAt(at)) * this.scaleAt(at);
    });
  }

  /** Takes in the float values from element `start` on. */
  add(values: Float32Array, start: number): void {
    if (this.the.quantizer.kind === 'dequantize') return;
    if (this.the.layout.run < SHORTEST_RUN) {
      this.sum(this.errorOfEach(values, start));
      return;
    }
    for (let i = 0; i < values.length;) {
      const end = Math.min(
        values.length,
        i + this.the.layout.run - ((start + i) % this.the.layout.run),
      );
      const at = this.the.layout.scaleOf(start + i);
      const scale = this.scaleAt(at);
      if (validScale(scale)) {
        const part = values.subarray(i, end);
        this.sum(this.the.kernels.quantizeError(part, scale, this.zeroPointAt(at), this.the.grid));
      }
      i = end;
    }
  }

  /** What the blocks so far add up to. */
  result(): QuantizationStats {
    const { maxAbsError, sumSquaredError, sumSquares, saturated, finite } = this.total;
    return {
      granularity: this.the.layout.granularity,
      ...(this.the.layout.axis === undefined ? {} : { axis: this.the.layout.axis }),
      scales: [...this.the.scales],
      quantizedType: this.the.quantizer.quantizedType,
      prequantized: this.the.quantizer.kind === 'dequantize',
      invalidScales: this.the.scales.filter((scale) => !validScale(scale)).length,
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
      const at = this.the.layout.scaleOf(start + i);
      const scale = this.scaleAt(at);
      scales[i] = scale;
      zeroPoints[i] = this.zeroPointAt(at);
      if (!validScale(scale)) kept[i] = NaN; // Kernels leave NaN out.
    }
    return this.the.kernels.quantizeErrorEach(kept, scales, zeroPoints, this.the.grid);
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
    return this.the.scales[index]!;
  }
  private zeroPointAt(index: number): number {
    return this.the.zeroPoints?.[index] ?? 0;
  }
}
