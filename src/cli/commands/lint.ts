import { needsOption, wrongArguments } from '../cli-diagnostics.ts';
import { Refusal } from '../command.ts';
import type { Arguments, Command, ExitCode } from '../command.ts';
import { describeDiagnostic } from '../describe-diagnostic.ts';
import { diagnosticOf } from '../diagnostic-of.ts';
import { findingsText } from '../findings-text.ts';
import { fixModel } from '../fix-model.ts';
import type { LintReport } from '../lint-report.ts';
import { modelName } from '../open-model-file.ts';
import { predictModel } from '../predict-model.ts';
import { SCALE_OPTIONS } from '../scale-source.ts';
import { TARGET_OPTIONS, targetOf } from '../target-option.ts';
import type { Terminal } from '../terminal.ts';
import { MODEL } from '../operand.ts';

/** `qdq-lab lint MODEL…`: what TensorRT refuses in each model, what costs time, and what is worth knowing. */
export const lint: Command = {
  name: 'lint',
  summary: 'find what TensorRT refuses, and Q/DQ that cost time',
  usage: 'MODEL…',
  operands: [MODEL],
  details: [
    'Reads each MODEL (.onnx or .onnx.gz, external data beside it, - for standard input), predicts its engine and prints\n' +
      'findings: errors make TensorRT refuse the model, warnings cost time, infos are worth knowing. Below each group stand\n' +
      "what TensorRT makes of it and what to do; for errors also the parser's own words where they are known.",
    'With --fix the rewrite passes of optimize run on one MODEL, without its search; prints what they changed, and then the\n' +
      'findings that are left. New Q/DQ get their scales from --calib or --cache, as with optimize.',
    'Exit code 1 says that an error or a warning was found (with --fix: is left, or that scales are missing), 2 that a model\n' +
      'could not be read.',
  ],
  options: [
    ...TARGET_OPTIONS,
    {
      name: 'fix',
      value: 'OUT',
      operand: MODEL,
      summary: 'write the model to OUT with what the rewrite passes cure',
    },
    ...SCALE_OPTIONS,
    { name: 'force', summary: 'with --fix: allow to overwrite the input' },
    { name: 'quiet', summary: 'with --fix: no progress' },
    { name: 'json', summary: 'print the findings as JSON' },
  ],
  examples: [
    'qdq-lab lint model.onnx',
    'qdq-lab lint model.onnx --fix fixed.onnx',
    'qdq-lab lint model.onnx --target trt8.6-a10',
    'qdq-lab lint a.onnx b.onnx --json',
  ],
  run,
};

async function run(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const { positionals, flags } = args;
  if (positionals.length === 0) throw new Refusal(wrongArguments('lint', 'a model', 0));
  const { target, remark } = targetOf(args);
  if (remark !== undefined) terminal.warn(`qdq-lab: note: ${remark}`);
  if (args.values.has('fix')) return fixModel(args, target, terminal);
  const unused = SCALE_OPTIONS.find(({ name }) => args.values.has(name) || flags.has(name));
  if (unused) throw new Refusal(needsOption(unused.name, 'fix'));
  const reports: LintReport[] = [];
  let found = false;
  let failed = false;
  for (const path of positionals) {
    const name = modelName(path);
    try {
      const { findings, engine } = await predictModel(path, target);
      found ||= findings.some(({ severity }) => severity !== 'info');
      if (flags.has('json')) reports.push({ model: name, target: engine.target, findings });
      else await terminal.write(findingsText(name, engine, findings, terminal));
    } catch (error) {
      terminal.warn(describeDiagnostic(diagnosticOf(error), name));
      reports.push({ model: name, target, findings: null });
      failed = true;
    }
  }
  if (flags.has('json')) await terminal.write(`${JSON.stringify(reports, null, 2)}\n`);
  return failed ? 2 : found ? 1 : 0;
}
