import { basename, join } from 'node:path';
import type { Diagnostic } from '../../core/base/diagnostic.ts';
import { conflictingOptions, wrongArguments } from '../cli-diagnostics.ts';
import { Refusal } from '../command.ts';
import type { Arguments, Command, ExitCode } from '../command.ts';
import { describeDiagnostic } from '../describe-diagnostic.ts';
import { diagnosticOf } from '../diagnostic-of.ts';
import type { Finding } from '../../core/lint/finding.ts';
import { layerTable, summaryLine } from '../layer-table.ts';
import { printable } from '../plain-text.ts';
import { modelName } from '../open-model-file.ts';
import { predictModel } from '../predict-model.ts';
import type { WrittenPrediction } from '../schemas/prediction-schema.ts';
import type { Prediction } from '../predict-model.ts';
import { TARGET_OPTIONS, targetOf } from '../target-option.ts';
import type { Terminal } from '../terminal.ts';
import { traceText } from '../trace-text.ts';
import { predictionText, writePrediction } from '../write-prediction.ts';
import { FOLDER, MODEL } from '../operand.ts';

/** Warnings about one model that are told one by one. */
const MOST_WARNINGS = 5;

/** `qdq-lab predict MODEL…`: the predicted engine of each model, as a table, as JSON or as a log. */
export const predict: Command = {
  name: 'predict',
  summary: 'predict the engine of a model, layer by layer',
  usage: 'MODEL…',
  operands: [MODEL],
  details: [
    'Reads each MODEL (.onnx or .onnx.gz, external data beside it, - for standard input) and prints the layers of the\n' +
      'engine that TensorRT would build: number, type, element type in → out, name. A ? marks what TensorRT decides by\n' +
      'timing; ~ marks reformats, ! surviving Q/DQ, · no-ops.',
    'With --json it prints the prediction in the shape of layer.json of trtexec; for several models a JSON array, with\n' +
      'null for a model that cannot be read.',
    'Exit code 1 says that some models could not be read, 2 that none could.',
  ],
  options: [
    ...TARGET_OPTIONS,
    {
      name: 'out',
      value: 'DIR',
      operand: FOLDER,
      summary: 'write each prediction to DIR/MODEL.MODE.layer.json',
    },
    { name: 'trace', summary: "print the builder's events in the words of its log" },
    { name: 'json', summary: 'print the prediction as JSON; with --out, the files written' },
  ],
  examples: [
    'qdq-lab predict model.onnx',
    'qdq-lab predict model.onnx --target trt8.6-sm80 --mode int8',
    'qdq-lab predict model.onnx --json > model.layer.json',
  ],
  run,
};

async function run(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const { positionals, flags } = args;
  if (positionals.length === 0) throw new Refusal(wrongArguments('predict', 'a model', 0));
  if (flags.has('json') && flags.has('trace'))
    throw new Refusal(conflictingOptions('json', 'trace'));
  const { target, remark } = targetOf(args);
  if (remark !== undefined) terminal.warn(`qdq-lab: note: ${remark}`);
  const list = flags.has('json') && !args.values.has('out') && positionals.length > 1;
  const written: WrittenPrediction[] = [];
  let failed = 0;
  if (list) await terminal.write('[\n');
  for (const [index, path] of positionals.entries()) {
    if (list && index > 0) await terminal.write(',\n');
    try {
      const prediction = await predictModel(path, target);
      warnings(prediction.diagnostics, path, terminal);
      refusals(prediction.findings, path, terminal);
      const file = await report(prediction, path, args, terminal);
      written.push({ model: modelName(path), file });
    } catch (error) {
      terminal.warn(describeDiagnostic(diagnosticOf(error), modelName(path)));
      written.push({ model: modelName(path), file: null });
      failed++;
      if (list) await terminal.write('null');
    }
  }
  if (list) await terminal.write(']\n');
  if (flags.has('json') && args.values.has('out'))
    await terminal.write(`${JSON.stringify(written, null, 2)}\n`);
  return failed === 0 ? 0 : failed < positionals.length ? 1 : 2;
}

/** Prints and writes a prediction; gives the file that was written, null where none was asked for. */
async function report(
  { engine, nodeCount }: Prediction,
  path: string,
  { values, flags }: Arguments,
  terminal: Terminal,
): Promise<string | null> {
  const folder = values.get('out');
  const name = modelName(path);
  if (flags.has('trace')) await terminal.write(`${traceText(engine)}${summaryLine(engine)}\n`);
  else if (!flags.has('json'))
    await terminal.write(layerTable(engine, { name, nodeCount }, terminal));
  else if (folder === undefined) await terminal.write(predictionText(engine));
  if (folder === undefined) return null;
  const file = join(folder, `${stem(name)}.${engine.mode}.layer.json`);
  await writePrediction(file, engine);
  if (!flags.has('json')) await terminal.write(`written: ${file}\n`);
  return file;
}

/** `model` of `dir/model.onnx.gz`. */
const stem = (path: string): string =>
  basename(path)
    .replace(/(\.onnx)?(\.gz)?$/i, '')
    .replaceAll(' ', '-');

function warnings(diagnostics: readonly Diagnostic[], path: string, terminal: Terminal): void {
  const told = diagnostics.filter(({ severity }) => severity === 'warning');
  for (const warning of told.slice(0, MOST_WARNINGS))
    terminal.warn(describeDiagnostic(warning, modelName(path)));
  const rest = told.length - MOST_WARNINGS;
  if (rest > 0) terminal.warn(`qdq-lab: ${modelName(path)}: and ${String(rest)} more warnings`);
}

/** Says in a line each why TensorRT will not build this model, whatever the prediction shows. */
function refusals(findings: readonly Finding[], path: string, terminal: Terminal): void {
  const errors = findings.filter(({ severity }) => severity === 'error');
  for (const { message } of errors.slice(0, MOST_WARNINGS))
    terminal.warn(
      printable(`qdq-lab: ${modelName(path)}: TensorRT will refuse this model: ${message}`),
    );
  const rest = errors.length - MOST_WARNINGS;
  if (rest > 0)
    terminal.warn(
      `qdq-lab: ${modelName(path)}: and ${String(rest)} more reasons; see qdq-lab lint`,
    );
}
