import type { Result } from '../core/base/result.ts';
import type { Target } from '../core/sim/target.ts';
import type { Tolerance, ValidationReport } from '../core/validate/validation-report.ts';
import type { Progress } from './analyze-api.ts';
import type { FeedsSpec, NumbersSettings } from './numbers-api.ts';
import type { Step } from './rewrite-api.ts';

export type { Tolerance, ValidationReport };

/** Steps that were made together, and what the passes among them work for. */
export interface MadeSteps {
  readonly steps: readonly Step[];
  readonly target: Target;
}

/** What is to be proved, and on which data. */
export interface ValidationRequest {
  /** The model file with its external data. */
  readonly files: readonly File[];
  /** What leads from the file to A. */
  readonly before: readonly MadeSteps[];
  /** What leads from A to B. */
  readonly after: readonly MadeSteps[];
  /** Compares A with B; pointless where nothing lies between them. */
  readonly equivalence: boolean;
  /** Compares B with itself without Q/DQ. */
  readonly float: boolean;
  /** Follows the arithmetic of the engine that is predicted from B for this target. */
  readonly engine?: Target;
  readonly feeds: FeedsSpec;
  readonly tolerance?: Tolerance;
  /** How the user knows A, B and the data. */
  readonly names: { readonly before: string; readonly after: string; readonly inputs: string };
  readonly runtime: NumbersSettings;
  /** Walks with half of the memory and one model at a time: asked for after memory has run out. */
  readonly sparing?: boolean;
}

/** Files that a report can be kept in. */
export const REPORT_KINDS = ['html', 'json', 'csv'] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

/** What the page asks of the worker that validates; cancelling ends the worker. */
export interface ValidateApi {
  /**
   * Proves what steps do to the numbers. The first progress is told when the worker holds the lock of its name, which it gives
   * up only by ending.
   */
  validate(
    request: ValidationRequest,
    onProgress?: (progress: Progress) => void,
  ): Promise<Result<ValidationReport>>;
  /** The report as the text of a file. */
  write(report: ValidationReport, kind: ReportKind): Promise<Result<string>>;
}
