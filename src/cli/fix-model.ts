import { inferShapes } from '../core/ir/infer/infer-shapes.ts';
import type { Model } from '../core/ir/model.ts';
import type { Finding } from '../core/lint/finding.ts';
import { lintModel } from '../core/lint/lint-model.ts';
import { optimize } from '../core/optimize/optimize.ts';
import { USUAL_OPTIONS } from '../core/optimize/optimize-options.ts';
import type { OptimizeChange } from '../core/optimize/optimize-report.ts';
import type { PredictedEngine } from '../core/sim/predicted-engine.ts';
import { simulate } from '../core/sim/simulate.ts';
import type { Target } from '../core/sim/target.ts';
import { scalesPending, wrongArguments } from './cli-diagnostics.ts';
import { Refusal } from './command.ts';
import type { Arguments, ExitCode } from './command.ts';
import { describeDiagnostic } from './describe-diagnostic.ts';
import { findingsText, tally } from './findings-text.ts';
import type { FixReport } from './lint-report.ts';
import { modelName, openModelFile } from './open-model-file.ts';
import { printable } from './plain-text.ts';
import { progressOf } from './progress.ts';
import { breathe } from './rewrite-options.ts';
import { fillScales, pendingValues } from './scale-source.ts';
import type { Terminal } from './terminal.ts';
import { writeModel } from './write-model.ts';

/**
 * `lint MODEL --fix OUT`: runs the passes over one model, writes it, and tells what changed and what is left. Gives 1 where an
 * error or a warning is left or scales are missing.
 */
export async function fixModel(
  args: Arguments,
  target: Target,
  terminal: Terminal,
): Promise<ExitCode> {
  const { positionals, values, flags } = args;
  const [path, ...rest] = positionals;
  if (path === undefined || rest.length > 0)
    throw new Refusal(wrongArguments('lint --fix', 'one model', positionals.length));
  const out = values.get('fix') ?? '';
  const file = await openModelFile(path);
  const progress = progressOf(terminal, flags.has('quiet'));
  try {
    const { budget, seed } = USUAL_OPTIONS;
    const done = await optimize(file.model, {
      ...{ target, budget, seed, search: false, pause: breathe },
      onProgress: (step, fraction) => {
        progress.update(step, fraction);
      },
    });
    if (!done.ok) throw new Refusal(done.error);
    const { model, warnings } = await fillScales(done.value.after.model, args, progress);
    progress.end();
    const name = modelName(path);
    for (const warning of warnings) terminal.warn(describeDiagnostic(warning, name));
    const pending = pendingValues(model);
    if (pending.length > 0) terminal.warn(describeDiagnostic(scalesPending(pending), name));
    await writeModel(model, out, { input: path, force: flags.has('force') });
    const before = lintOf(file.model, target);
    const after = lintOf(model, target);
    const { changes } = done.value.summary;
    const report: FixReport = {
      ...{ model: name, output: out, target, changes, before: before.findings },
      ...{ findings: after.findings, toCalibrate: pending },
    };
    const text = flags.has('json')
      ? `${JSON.stringify(report, null, 2)}\n`
      : changesText(changes, before.findings, out) +
        findingsText(out, after.engine, after.findings, terminal);
    await terminal.write(text);
    return pending.length > 0 || after.findings.some(({ severity }) => severity !== 'info') ? 1 : 0;
  } finally {
    progress.end();
    await file.close();
  }
}

const changesText = (
  changes: readonly OptimizeChange[],
  before: readonly Finding[],
  out: string,
): string =>
  [
    ...changes.map(({ text, source }, i) => `${String(i + 1).padStart(3)}. ${text} [${source}]`),
    `before: ${tally(before)}`,
    `written: ${out}`,
  ]
    .map((line) => `${printable(line)}\n`)
    .join('');

function lintOf(
  model: Model,
  target: Target,
): { readonly engine: PredictedEngine; readonly findings: readonly Finding[] } {
  const inferred = inferShapes(model);
  const engine = simulate(model, target, inferred);
  return { engine, findings: lintModel(model, engine, inferred) };
}
