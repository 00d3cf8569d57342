import type { BuiltEngine } from '../core/engine/built-engine.ts';
import { inferShapes } from '../core/ir/infer/infer-shapes.ts';
import { makeBugReport } from '../core/reality/bug-report.ts';
import { compareWithPrediction } from '../core/reality/compare-with-prediction.ts';
import type { RealityComparison } from '../core/reality/reality-comparison.ts';
import { simulate } from '../core/sim/simulate.ts';
import { needsOption } from './cli-diagnostics.ts';
import { Refusal } from './command.ts';
import type { Arguments } from './command.ts';
import { openModelFile } from './open-model-file.ts';
import { MODEL, reportWith } from './operand.ts';
import { packageVersion } from './package-version.ts';
import { TARGET_OPTIONS, targetOf } from './target-option.ts';
import type { Terminal } from './terminal.ts';
import { writeWholeFile } from './write-whole-file.ts';

/** Options of a verb that holds engines against the prediction of their model. */
export const REALITY_OPTIONS = [
  {
    name: 'model',
    value: 'MODEL',
    operand: MODEL,
    summary: 'the ONNX model that the engine was built from: predict it and compare',
  },
  ...TARGET_OPTIONS,
  {
    name: 'bug-report',
    value: 'OUT',
    operand: reportWith('zip'),
    summary: 'write what we need to mend the prediction, without weights, as a zip',
  },
  { name: 'strip-names', summary: 'replace all names in the bug report' },
] as const;

/**
 * Predicts the model that `--model` names and holds the first engine against it; writes `--bug-report` where that is given. Null
 * without `--model`. Throws a `Refusal` where the model cannot be read or is another one.
 */
export async function compareReality(
  engine: BuiltEngine,
  args: Arguments,
  terminal: Terminal,
): Promise<RealityComparison | null> {
  const path = args.values.get('model');
  for (const needing of ['bug-report', 'strip-names'])
    if (path === undefined && (args.values.has(needing) || args.flags.has(needing)))
      throw new Refusal(needsOption(needing, 'model'));
  if (path === undefined) return null;
  const { target, remark } = targetOf(args);
  if (remark !== undefined) terminal.warn(`qdq-lab: note: ${remark}`);
  const file = await openModelFile(path);
  try {
    const { model } = file;
    const predicted = simulate(model, target, inferShapes(model));
    const comparison = compareWithPrediction(predicted, engine, model.graph);
    if (!comparison.ok) throw new Refusal(comparison.error);
    const out = args.values.get('bug-report');
    if (out !== undefined) {
      const report = await makeBugReport({
        model,
        engine,
        target,
        stripNames: args.flags.has('strip-names'),
        producer: `qdq-lab ${await packageVersion()}`,
      });
      if (!report.ok) throw new Refusal(report.error);
      await writeWholeFile(out, bytesOf(report.value));
    }
    return comparison.value;
  } finally {
    await file.close();
  }
}

async function* bytesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
