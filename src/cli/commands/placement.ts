import { startSimulation } from '../../core/explain/resimulate.ts';
import { scoreEngine } from '../../core/explain/engine-cost.ts';
import type { EngineScore } from '../../core/explain/engine-cost.ts';
import type { AppliedPlacement } from '../../core/placement/apply-placement.ts';
import { applyPlacement } from '../../core/placement/apply-placement.ts';
import type { Model } from '../../core/ir/model.ts';
import type { Target } from '../../core/sim/target.ts';
import { printPlacement } from '../../core/placement/print-placement.ts';
import { needsOption, wrongArguments } from '../cli-diagnostics.ts';
import { Refusal } from '../command.ts';
import type { Arguments, Command, ExitCode } from '../command.ts';
import { modelName, openModelFile } from '../open-model-file.ts';
import type { ModelFile } from '../open-model-file.ts';
import { placementOf, readPlacementFile, writePlacementFile } from '../placement-files.ts';
import { appliedText, placementTable } from '../placement-text.ts';
import { TARGET_OPTIONS, targetOf } from '../target-option.ts';
import type { Terminal } from '../terminal.ts';
import { scoresText } from '../why-text.ts';
import { writeModel } from '../write-model.ts';
import { MODEL, PLACEMENT } from '../operand.ts';

/** `qdq-lab placement MODEL`: where Q/DQ stand, as data: shown, stored, or put into another export of the model. */
export const placement: Command = {
  name: 'placement',
  summary: 'show, store and re-apply where Q/DQ stand',
  usage: 'MODEL',
  operands: [MODEL],
  details: [
    'Reads where Q/DQ stand in MODEL (.onnx or .onnx.gz, - for standard input) and prints it as a table: tensor, scale, who\n' +
      'reads it. With --out it is written as data to FILE (YAML, or JSON where the name ends so), with --json printed as JSON.',
    'With --apply the Q/DQ of a stored placement go into MODEL, in the place of those that it has, and --to names the new\n' +
      'model. In the same export names decide; in another one the place of a node in the network goes first, and all that was\n' +
      'found by other than its name is told. Exit code 1 says that a pair found no place.',
  ],
  options: [
    {
      name: 'out',
      value: 'FILE',
      operand: PLACEMENT,
      summary: 'write the placement to FILE: .yaml or .json',
    },
    {
      name: 'apply',
      value: 'FILE',
      operand: PLACEMENT,
      summary: 'put the placement in FILE into MODEL',
    },
    {
      name: 'to',
      value: 'OUT',
      operand: MODEL,
      summary: 'where the model with the placement goes',
    },
    { name: 'keep', summary: 'with --apply: leave the Q/DQ of MODEL, and add what it has not' },
    { name: 'force', summary: 'allow to overwrite MODEL itself' },
    ...TARGET_OPTIONS,
    { name: 'json', summary: 'print the placement, or what was applied, as JSON' },
  ],
  examples: [
    'qdq-lab placement model.onnx',
    'qdq-lab placement model.onnx --out model.yaml',
    'qdq-lab placement new-export.onnx --apply model.yaml --to placed.onnx',
  ],
  run,
};

/** What `placement --apply --json` prints. */
export interface AppliedReport extends Omit<AppliedPlacement, 'model'> {
  /** The model that was written. */
  readonly model: string;
  readonly before: EngineScore;
  readonly after: EngineScore;
}

async function run(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const [path, ...rest] = args.positionals;
  if (path === undefined || rest.length > 0)
    throw new Refusal(wrongArguments('placement', 'a model', args.positionals.length));
  const stored = args.values.get('apply');
  for (const option of ['to', 'keep'])
    if (stored === undefined && (args.values.has(option) || args.flags.has(option)))
      throw new Refusal(needsOption(option, 'apply'));
  if (stored !== undefined && !args.values.has('to')) throw new Refusal(needsOption('apply', 'to'));
  const file = await openModelFile(path);
  try {
    return stored === undefined
      ? await show(file, path, args, terminal)
      : await apply(file, path, args, terminal);
  } finally {
    await file.close();
  }
}

async function show(
  { model }: ModelFile,
  path: string,
  { values, flags }: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  const found = await placementOf(model, modelName(path), terminal);
  const out = values.get('out');
  if (out !== undefined) await writePlacementFile(out, found);
  if (flags.has('json')) await terminal.write(printPlacement(found, 'json'));
  else if (out !== undefined) await terminal.write(`written: ${out}\n`);
  else await terminal.write(placementTable(found, modelName(path), terminal));
  return 0;
}

async function apply(
  { model }: ModelFile,
  path: string,
  args: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  const { values, flags } = args;
  const { target, remark } = targetOf(args);
  if (remark !== undefined) terminal.warn(`qdq-lab: note: ${remark}`);
  const stored = await readPlacementFile(values.get('apply') ?? '');
  const done = applyPlacement(model, stored, { replace: !flags.has('keep') });
  if (!done.ok) throw new Refusal(done.error);
  const { applied, kept, unmatched, isSameExport } = done.value;
  const to = values.get('to') ?? '';
  await writeModel(done.value.model, to, { input: path, force: flags.has('force') });
  const out = values.get('out');
  if (out !== undefined)
    await writePlacementFile(out, await placementOf(done.value.model, to, terminal));
  const [before, after] = [scoreOf(model, target), scoreOf(done.value.model, target)];
  if (flags.has('json')) {
    const report: AppliedReport = {
      model: to,
      isSameExport,
      applied,
      kept,
      unmatched,
      before,
      after,
    };
    await terminal.write(`${JSON.stringify(report, null, 2)}\n`);
  } else {
    const gain = scoresText(before, after);
    await terminal.write(`${appliedText(done.value)}${gain}\nwritten: ${to}\n`);
  }
  return unmatched.length > 0 ? 1 : 0;
}

const scoreOf = (model: Model, target: Target): EngineScore =>
  scoreEngine(startSimulation(model, target).engine);
