import { extname } from 'node:path';
import type { SensitivityReport } from '../core/calibrate/sensitivity.ts';
import { diffEngines } from '../core/explain/diff-engines.ts';
import type { Optimized } from '../core/optimize/optimize-report.ts';
import { figuresOf, predictPriced } from '../core/optimize/priced-simulation.ts';
import type { Target } from '../core/sim/target.ts';
import type { ChangeReport } from './change-report.ts';
import { changeText } from './change-text.ts';
import { scalesPending } from './cli-diagnostics.ts';
import type { Arguments, ExitCode, Option } from './command.ts';
import { describeDiagnostic } from './describe-diagnostic.ts';
import { markdownReport } from './markdown-report.ts';
import { modelName } from './open-model-file.ts';
import { placementOf, writePlacementFile } from './placement-files.ts';
import { pendingValues } from './scale-source.ts';
import type { FilledScales } from './scale-source.ts';
import type { Terminal } from './terminal.ts';
import { writeModel } from './write-model.ts';
import { writeWholeFile } from './write-whole-file.ts';
import { PLACEMENT, reportWith } from './operand.ts';

/** What a verb that rewrites a model writes beside it. */
export const OUTPUT_OPTIONS: readonly Option[] = [
  {
    name: 'placement',
    value: 'FILE',
    operand: PLACEMENT,
    summary: 'also write where Q/DQ stand now: .yaml or .json',
  },
  {
    name: 'report',
    value: 'FILE',
    operand: reportWith('md', 'json'),
    summary: 'also write a report: Markdown where the name ends in .md, else JSON',
  },
  { name: 'force', summary: 'allow to overwrite the input' },
  { name: 'quiet', summary: 'no progress' },
  { name: 'json', summary: 'print the report as JSON' },
];

/** A rewritten model with all that is to be told of it. */
export interface RewriteResult {
  readonly verb: string;
  readonly path: string;
  /** Undefined where nothing is to be written. */
  readonly out: string | undefined;
  readonly target: Target;
  readonly optimized: Optimized;
  /** The model with its scales. */
  readonly filled: FilledScales;
  readonly sensitivity?: SensitivityReport;
}

/** Writes model, placement and report, and prints what was done. 1 says that scales are still missing. */
export async function writeRewrite(
  result: RewriteResult,
  { values, flags }: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  const { path, out, filled } = result;
  const name = modelName(path);
  const report = reportOf(result);
  for (const warning of filled.warnings) terminal.warn(describeDiagnostic(warning, name));
  if (report.toCalibrate.length > 0)
    terminal.warn(describeDiagnostic(scalesPending(report.toCalibrate), name));
  if (out !== undefined)
    await writeModel(filled.model, out, { input: path, force: flags.has('force') });
  const placement = values.get('placement');
  if (placement !== undefined)
    await writePlacementFile(placement, await placementOf(filled.model, out ?? name, terminal));
  const file = values.get('report');
  const json = `${JSON.stringify(report, null, 2)}\n`;
  if (file !== undefined)
    await writeWholeFile(
      file,
      extname(file).toLowerCase() === '.md' ? markdownReport(report) : json,
    );
  await terminal.write(flags.has('json') ? json : changeText(report, terminal));
  return report.toCalibrate.length > 0 ? 1 : 0;
}

function reportOf(result: RewriteResult): ChangeReport {
  const { verb, path, out, target, optimized, filled, sensitivity } = result;
  const { changes, leftOut, declined, before, simulations, budgetSpent } = optimized.summary;
  // Scales decide what fuses: the engine is that of the model as it is written.
  const after = predictPriced(filled.model, target);
  return {
    verb,
    input: modelName(path),
    output: out ?? null,
    target,
    changes,
    leftOut,
    declined,
    before,
    after: figuresOf(after),
    differences: diffEngines(optimized.before.engine, after.simulation.engine),
    toCalibrate: pendingValues(filled.model),
    simulations,
    budgetSpent,
    ...(filled.scales && { scales: filled.scales }),
    ...(sensitivity && { sensitivity }),
  };
}
