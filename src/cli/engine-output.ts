import type { EngineReport } from '../core/engine-report/report/engine-report.ts';
import type { RealityComparison } from '../core/reality/reality-comparison.ts';

/** What `engine --json` prints: the report, and how the prediction of `--model` compares with the first engine. */
export interface EngineOutput extends EngineReport {
  readonly prediction: RealityComparison | null;
}
