import type { Diagnostic } from '../core/base/diagnostic.ts';
import type { Result } from '../core/base/result.ts';
import type { CalibrationMethod } from '../core/calibrate/choose-scale.ts';
import type { QuantizedType } from '../core/calibrate/quantized-type.ts';
import type { Target } from '../core/sim/target.ts';
import type { Progress } from './analyze-api.ts';
import type { FeedsSpec, NumbersSettings } from './numbers-api.ts';
import type { Step } from './rewrite-api.ts';

export type { CalibrationMethod, FeedsSpec, NumbersSettings, QuantizedType };

/** Which model: the files that were opened, and the steps that were made on it since. */
export interface SteppedSource {
  readonly files: readonly File[];
  readonly made: readonly { readonly steps: readonly Step[]; readonly target: Target }[];
}

export interface CalibrationRequest {
  readonly source: SteppedSource;
  readonly feeds: FeedsSpec;
  readonly method: CalibrationMethod;
  /** Also gives new numbers to scales that are known. */
  readonly replace: boolean;
  readonly runtime: NumbersSettings;
}

/** What calibration found: scales by value, to be applied as a step. */
export interface CalibrationReport {
  readonly type: QuantizedType;
  readonly scales: Readonly<Record<string, number>>;
  readonly warnings: readonly Diagnostic[];
}

/** What the page asks of the worker that calibrates; cancelling ends the worker. */
export interface CalibrateApi {
  calibrate(
    request: CalibrationRequest,
    onProgress?: (progress: Progress) => void,
  ): Promise<Result<CalibrationReport>>;
}
