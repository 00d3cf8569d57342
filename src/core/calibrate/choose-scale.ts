import { assertNever } from '../base/assert.ts';
import type { DataType } from '../ir/data-type.ts';
import { decodeSmallFloat, encodeSmallFloat } from '../ir/small-floats.ts';
import { entropyThreshold } from './entropy-threshold.ts';
import { mseThreshold } from './mse-threshold.ts';
import { percentileThreshold } from './percentile-threshold.ts';
import { HIGHEST } from './quantized-type.ts';
import type { QuantizedType } from './quantized-type.ts';
import { largestMagnitude } from './value-statistics.ts';
import type { ValueStatistics } from './value-statistics.ts';

/**
 * How the range of a value is chosen from its statistics. `max`: nothing is clipped (TensorRT's MinMax calibrator). `entropy`:
 * least Kullback-Leibler divergence (its entropy calibrator, see `entropy-threshold.ts`). `percentile`: the given share of
 * all numbers is not clipped. `mse`: least mean squared error (both as in Model-Optimizer).
 */
export type CalibrationMethod = 'max' | 'entropy' | 'percentile' | 'mse';

export const CALIBRATION_METHODS: readonly CalibrationMethod[] = [
  'max',
  'entropy',
  'percentile',
  'mse',
];

/** What `percentile` keeps unless told: Model-Optimizer's default. */
export const DEFAULT_PERCENTILE = 99.99;

export interface RangeChoice {
  readonly method: CalibrationMethod;
  readonly type: QuantizedType;
  /** For `percentile`: above 0, at most 100. */
  readonly percentile?: number;
}

/** The magnitude that the largest quantized number shall stand for; 0 for a value that was always zero or never seen. */
export function chooseAmax(statistics: ValueStatistics, choice: RangeChoice): number {
  const { counts, limit } = statistics;
  const largest = largestMagnitude(statistics);
  if (largest === 0 || choice.method === 'max') return largest;
  const bins = thresholdOf(counts, choice.method, choice);
  return Math.min(largest, (bins * limit) / counts.length);
}

function thresholdOf(
  counts: Float64Array,
  method: Exclude<CalibrationMethod, 'max'>,
  { type, percentile = DEFAULT_PERCENTILE }: RangeChoice,
): number {
  switch (method) {
    case 'entropy':
      return entropyThreshold(counts, type);
    case 'percentile':
      return percentileThreshold(counts, percentile);
    case 'mse':
      return mseThreshold(counts, type);
    default:
      return assertNever(method);
  }
}

/** A scale as the element type of its tensor holds it. */
export interface StorableScale {
  readonly scale: number;
  /** True when the type holds nothing as small, or as large, as was wanted. */
  readonly clamped: boolean;
}

/** Smallest normal and largest number of the types that scales have; smaller ones lose precision, and 0 is no scale. */
const SCALE_ENDS: Readonly<Partial<Record<DataType, readonly [number, number]>>> = {
  float16: [2 ** -14, 65504],
  bfloat16: [2 ** -126, 3.3895313892515355e38],
};
const FLOAT32_ENDS = [2 ** -126, 3.4028234663852886e38] as const;

/** The scale at which `amax` is the largest magnitude of `type`; 1 for an `amax` of 0, for which any would do. */
export const scaleOf = (amax: number, type: QuantizedType): number =>
  amax === 0 ? 1 : amax / HIGHEST[type];

/** `scale` rounded to the nearest that `dataType` holds with full precision. */
export function storableScale(scale: number, dataType: DataType): StorableScale {
  const [smallest, largest] = SCALE_ENDS[dataType] ?? FLOAT32_ENDS;
  const inside = Math.min(largest, Math.max(smallest, scale));
  const rounded =
    dataType === 'float16' || dataType === 'bfloat16'
      ? decodeSmallFloat(dataType, encodeSmallFloat(dataType, inside))
      : Math.fround(inside);
  return { scale: rounded, clamped: inside !== scale };
}
