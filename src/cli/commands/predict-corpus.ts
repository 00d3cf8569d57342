import { join } from 'node:path';
import { parseTarget } from '../../core/sim/parse-target.ts';
import { corpusEmpty, optionValueUnknown, wrongArguments } from '../cli-diagnostics.ts';
import { Refusal } from '../command.ts';
import type { Arguments, Command, ExitCode } from '../command.ts';
import { readCorpusIndex } from '../corpus-index.ts';
import type { CorpusRow } from '../corpus-index.ts';
import { describeDiagnostic } from '../describe-diagnostic.ts';
import { diagnosticOf } from '../diagnostic-of.ts';
import { counted } from '../plain-text.ts';
import { predictModel } from '../predict-model.ts';
import { buildMode } from '../target-option.ts';
import type { Terminal } from '../terminal.ts';
import { writePrediction } from '../write-prediction.ts';
import { FOLDER } from '../operand.ts';

const FILTERS = ['target', 'kind', 'mode'] as const;

/** `qdq-lab predict-corpus TRUTH OUT`: predictions of all models of a set of real engines, in one process. */
export const predictCorpus: Command = {
  name: 'predict-corpus',
  summary: 'predict every model of a set of real engines, to compare with them',
  usage: 'TRUTH OUT',
  operands: [FOLDER, FOLDER],
  details: [
    'For each row of TRUTH/index.tsv (columns target, kind, model, mode) reads TRUTH/models/KIND/MODEL.onnx.gz and writes\n' +
      'OUT/TARGET/KIND/MODEL.MODE.layer.json. A model that cannot be read is told, and the others go on.',
    'Exit code 1 says that some could not be predicted, 2 that none could.',
  ],
  options: [
    { name: 'target', value: 'TARGET', summary: 'only rows of this target: trt10.6.0-h100' },
    { name: 'kind', value: 'KIND', summary: 'only rows of this kind: micro, real' },
    { name: 'mode', value: 'MODE', summary: 'only rows of this mode: best, fp16, int8, strong' },
    { name: 'json', summary: 'print how many were written and failed as JSON' },
  ],
  examples: [
    'qdq-lab predict-corpus engines predictions',
    'qdq-lab predict-corpus engines predictions --target trt10.6.0-h100 --kind micro --mode best',
  ],
  run,
};

/** What `predict-corpus --json` prints. */
export interface CorpusTally {
  readonly written: number;
  readonly failed: number;
}

async function run(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const { positionals, flags } = args;
  const [truth, out] = positionals;
  if (truth === undefined || out === undefined || positionals.length > 2) {
    const wanted = 'two folders, TRUTH and OUT';
    throw new Refusal(wrongArguments('predict-corpus', wanted, positionals.length));
  }
  const rows = await wantedRows(join(truth, 'index.tsv'), args);
  let failed = 0;
  for (const row of rows) {
    if (!(await predictRow(row, truth, out, terminal))) failed++;
  }
  const tally: CorpusTally = { written: rows.length - failed, failed };
  await terminal.write(
    flags.has('json')
      ? `${JSON.stringify(tally)}\n`
      : `${counted(tally.written, 'prediction')} written to ${out}, ${String(failed)} failed\n`,
  );
  return failed === 0 ? 0 : failed < rows.length ? 1 : 2;
}

async function wantedRows(file: string, { values }: Arguments): Promise<readonly CorpusRow[]> {
  const all = await readCorpusIndex(file);
  const rows = all.filter((row) =>
    FILTERS.every((name) => (values.get(name) ?? row[name]) === row[name]),
  );
  if (rows.length > 0) return rows;
  const has = FILTERS.map((name) => {
    const different = [...new Set(all.map((row) => row[name]))].sort();
    return `${name} ${different.slice(0, 8).join(', ') || '(none)'}`;
  });
  throw new Refusal(corpusEmpty(file, has.join('; ')));
}

/** Predicts one row; false, with the reason told, when that is not possible. */
async function predictRow(
  row: CorpusRow,
  truth: string,
  out: string,
  terminal: Terminal,
): Promise<boolean> {
  const model = join(truth, 'models', row.kind, `${row.model}.onnx.gz`);
  try {
    const mode = buildMode(row.mode);
    if (mode === undefined)
      throw new Refusal(optionValueUnknown('mode', row.mode, ['best', 'fp16', 'int8', 'strong']));
    const target = parseTarget(row.target, mode);
    if (!target.ok) throw new Refusal(target.error);
    const { engine } = await predictModel(model, target.value);
    const file = `${row.model}.${row.mode}.layer.json`;
    await writePrediction(join(out, row.target, row.kind, file), engine);
    return true;
  } catch (error) {
    terminal.warn(describeDiagnostic(diagnosticOf(error), model));
    return false;
  }
}
