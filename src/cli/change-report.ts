import type { SensitivityReport } from '../core/calibrate/sensitivity.ts';
import type { ValueSummary } from '../core/calibrate/value-summary.ts';
import type { EngineDifference } from '../core/explain/engine-difference.ts';
import type { EngineFigures, LeftOut, OptimizeChange } from '../core/optimize/optimize-report.ts';
import type { PassDecline } from '../core/passes/pass-trace.ts';
import type { Target } from '../core/sim/target.ts';

/**
 * What `optimize`, `quantize` and `lint --fix` report, as `--json` and `--report R.json` print it. Numbers that are infinite or
 * undefined stand as null in JSON.
 */
export interface ChangeReport {
  readonly verb: string;
  /** The model that was read. */
  readonly input: string;
  /** The model that was written; null where none was asked for. */
  readonly output: string | null;
  readonly target: Target;
  /** In the order in which they were made. */
  readonly changes: readonly OptimizeChange[];
  /** Places of passes that were left alone, for the engine is no better with them. */
  readonly leftOut: readonly LeftOut[];
  /** Why passes that were asked for by name declined, place by place. */
  readonly declined: readonly PassDecline[];
  readonly before: EngineFigures;
  readonly after: EngineFigures;
  /** Layer by layer from the engine before to that after. */
  readonly differences: readonly EngineDifference[];
  /** Values whose scales are not known yet: 1 stands in their place, so that the numbers are wrong until calibration. */
  readonly toCalibrate: readonly string[];
  /** Engines that were predicted. */
  readonly simulations: number;
  /** The budget ended the search. */
  readonly budgetSpent: boolean;
  /** Present where scales were calibrated or taken from a file. */
  readonly scales?: ScalesReport;
  /** Present where it was asked for: what quantizing each layer alone costs. */
  readonly sensitivity?: SensitivityReport;
}

/** Where scales of activations come from. */
export interface ScalesReport {
  /** `max`, `entropy`, `percentile`, `mse`, or what a file says. */
  readonly method: string;
  /** Data, or the file with the scales. */
  readonly source: string;
  /** Scales by the value that is quantized. */
  readonly scales: Readonly<Record<string, number>>;
  /** What calibration saw; empty for scales from a file. */
  readonly values: readonly ValueSummary[];
}
