import {
  allZeroValue,
  neverSeenValue,
  nothingToCalibrate,
  percentileInvalid,
  scaleClamped,
} from '../base/diagnostics/calibrate.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { Model } from '../ir/model.ts';
import type { Tensor } from '../ir/tensor.ts';
import { setScales } from './apply-scales.ts';
import { chooseAmax, scaleOf, storableScale } from './choose-scale.ts';
import type { CalibrationMethod } from './choose-scale.ts';
import { collectStatistics, groupsOf } from './collect-statistics.ts';
import type { CollectOptions } from './collect-statistics.ts';
import type { FeedStream } from './feed-stream.ts';
import { floatModel } from './float-model.ts';
import type { FloatModel } from './float-model.ts';
import { activationScales, pendingScales } from './pending-scales.ts';
import type { ScaleGroup } from './pending-scales.ts';
import { HIGHEST } from './quantized-type.ts';
import type { QuantizedType } from './quantized-type.ts';
import type { ScaleTable } from './scale-table.ts';
import { summarize } from './value-summary.ts';
import type { ValueSummary } from './value-summary.ts';
import type { ValueStatistics } from './value-statistics.ts';

export interface CalibrateOptions extends CollectOptions {
  readonly method: CalibrationMethod;
  /** For the method `percentile`; 99.99 unless given. */
  readonly percentile?: number;
  /** The type that the quantizers are going to have; that of each QuantizeLinear unless given. */
  readonly type?: QuantizedType;
  /** Runs without any Q/DQ: also those go whose scale is known. */
  readonly float?: boolean;
  /** Also replaces scales that are known (of activations, one a tensor, zero point 0). Implies `float`. */
  readonly replace?: boolean;
  /** Watches at most so many values at a time, unless `splitValues` says it better: the data is walked for each group. */
  readonly valuesPerRun?: number;
}

/** A calibrated model, and how it came about. */
export interface Calibration {
  readonly model: Model;
  /** A scale for each value that was seen. `applyScales` makes the same of them in this model. */
  readonly scales: ScaleTable;
  /** In the order of the model. */
  readonly statistics: readonly ValueSummary[];
  readonly warnings: readonly Diagnostic[];
}

/**
 * Gives the scales that wait for calibration their numbers: runs the float model over `feeds`, chooses a range for each value by
 * `method`, and for a scale that several values share the union of their ranges. Fails as `collectStatistics` does, on what the
 * runner refuses, and on a percentile that is none. `model` stays as it is.
 */
export async function calibrate(
  model: Model,
  feeds: FeedStream,
  options: CalibrateOptions,
): Promise<Result<Calibration>> {
  const { method, percentile, replace = false } = options;
  if (percentile !== undefined && !(percentile > 0 && percentile <= 100))
    return fail(percentileInvalid(percentile));
  const groups = (replace ? activationScales : pendingScales)(model.graph);
  if (groups.length === 0)
    return ok({
      model,
      scales: { method, type: options.type ?? 'int8', scales: new Map() },
      statistics: [],
      warnings: [nothingToCalibrate()],
    });
  const float = floatModel(model, { float: replace || options.float === true });
  const watched = new Set(
    groups.flatMap(({ values }) => values.map((value) => float.nameOf(value))),
  );
  const collected = await collectStatistics(float.model, [...watched], feeds, splitting(options));
  if (!collected.ok) return collected;
  const chooser = new ScaleChooser(float, collected.value, options);
  for (const group of groups) chooser.choose(group);
  return ok(chooser.calibration(model));
}

function splitting(options: CalibrateOptions): CalibrateOptions {
  const { valuesPerRun, splitValues } = options;
  return valuesPerRun === undefined || splitValues
    ? options
    : { ...options, splitValues: (_graph, values) => groupsOf(values, valuesPerRun) };
}

/** Turns statistics into scales, group by group. */
class ScaleChooser {
  private readonly float: FloatModel;
  private readonly statistics: ReadonlyMap<string, ValueStatistics>;
  private readonly options: CalibrateOptions;
  private readonly scales = new Map<Tensor, number>();
  private readonly table = new Map<string, number>();
  private readonly summaries: ValueSummary[] = [];
  private readonly warnings: Diagnostic[] = [];
  private firstType: QuantizedType | undefined;

  constructor(
    float: FloatModel,
    statistics: ReadonlyMap<string, ValueStatistics>,
    options: CalibrateOptions,
  ) {
    this.float = float;
    this.statistics = statistics;
    this.options = options;
  }

  choose({ tensor, values, type: ownType }: ScaleGroup): void {
    const type = this.options.type ?? ownType;
    this.firstType ??= type;
    const seen: { value: string; statistics: ValueStatistics; amax: number }[] = [];
    for (const value of values) {
      const statistics = this.statistics.get(this.float.nameOf(value));
      if (statistics === undefined || statistics.count === 0) {
        this.warnings.push(neverSeenValue(value));
        continue;
      }
      if (statistics.limit === 0) this.warnings.push(allZeroValue(value));
      const amax = chooseAmax(statistics, { ...this.options, type });
      seen.push({ value, statistics, amax });
    }
    const [first] = seen;
    if (first === undefined) return;
    const wanted = scaleOf(Math.max(...seen.map(({ amax }) => amax)), type);
    const { scale, clamped } = storableScale(wanted, tensor.dataType);
    if (clamped) this.warnings.push(scaleClamped(first.value, scale, tensor.dataType));
    this.scales.set(tensor, scale);
    for (const { value, statistics, amax } of seen) {
      this.remember(value, scale * (HIGHEST[type] / HIGHEST[this.firstType]));
      this.summaries.push(summarize(value, statistics, { type, scale, amax }));
    }
  }

  /** A value with several quantizers gets the smallest of their scales: sharing widens it again where it is applied. */
  private remember(value: string, scale: number): void {
    this.table.set(value, Math.min(scale, this.table.get(value) ?? Infinity));
  }

  calibration(model: Model): Calibration {
    const { method } = this.options;
    return {
      model: setScales(model, this.scales),
      scales: { method, type: this.firstType ?? 'int8', scales: this.table },
      statistics: this.summaries,
      warnings: this.warnings,
    };
  }
}
