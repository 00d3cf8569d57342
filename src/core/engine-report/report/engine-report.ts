import type { Diagnostic } from '../../base/diagnostic.ts';
import type { BuiltEngine, EngineFileKind } from '../../engine/built-engine.ts';
import { compareEngines } from '../compare/compare-engines.ts';
import type { EngineComparison } from '../compare/engine-comparison.ts';
import { analyseEngine } from '../engine-analysis.ts';
import type { EngineAnalysis } from '../engine-analysis.ts';

/** One engine, analysed. */
export interface ReportedEngine extends EngineAnalysis {
  readonly name: string;
  readonly fileKind: EngineFileKind;
  /** What its files could not tell. */
  readonly remarks: readonly Diagnostic[];
}

/** What is written about one or several engines, whatever the format. Cloneable data, and what `--json` prints. */
export interface EngineReport {
  readonly format: 'qdq-lab-engine-report';
  readonly version: 1;
  readonly engines: readonly ReportedEngine[];
  /** Null for a single engine; else all against the first. */
  readonly comparison: EngineComparison | null;
}

/** Analyses engines, and compares them where there are several: the first is what the others are held against. */
export const reportEngines = (engines: readonly BuiltEngine[]): EngineReport => ({
  format: 'qdq-lab-engine-report',
  version: 1,
  engines: engines.map((engine) => ({
    name: engine.name,
    fileKind: engine.fileKind,
    remarks: engine.remarks,
    ...analyseEngine(engine),
  })),
  comparison: engines.length > 1 ? compareEngines(engines) : null,
});

/** The report as JSON, stable in shape: fields are added, never renamed, as long as `version` stays. */
export const jsonReport = (report: EngineReport): string => `${JSON.stringify(report, null, 1)}\n`;
