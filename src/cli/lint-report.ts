import type { Finding } from '../core/lint/finding.ts';
import type { OptimizeChange } from '../core/optimize/optimize-report.ts';
import type { Target } from '../core/sim/target.ts';

/** What `lint --json` prints for each model. */
export interface LintReport {
  readonly model: string;
  readonly target: Target;
  /** Null where the model cannot be read. */
  readonly findings: readonly Finding[] | null;
}

/** What `lint --fix --json` prints. */
export interface FixReport {
  readonly model: string;
  readonly output: string;
  readonly target: Target;
  readonly changes: readonly OptimizeChange[];
  /** Findings before the changes. */
  readonly before: readonly Finding[];
  /** Findings that are left. */
  readonly findings: readonly Finding[];
  /** Values whose scales are not known yet. */
  readonly toCalibrate: readonly string[];
}
