import { loadKernels } from '../../../wasm/load-kernels.ts';
import { extname } from 'node:path';
import { startSimulation } from '../../core/explain/resimulate.ts';
import { inferShapes } from '../../core/ir/infer/infer-shapes.ts';
import type { Model } from '../../core/ir/model.ts';
import type { FeedSequence } from '../../core/inputs/feed-sources.ts';
import { csvReport } from '../../core/validate/report-csv.ts';
import { htmlReport } from '../../core/validate/report-html.ts';
import { jsonReport } from '../../core/validate/report-json.ts';
import { validateModels } from '../../core/validate/validate-models.ts';
import type { EngineTask, TaskOptions } from '../../core/validate/validate-models.ts';
import type { ValidationReport } from '../../core/validate/validation-report.ts';
import { fitTogether, valueBudget, weightsProblem } from '../../ort/check-weights.ts';
import { groupValues } from '../../ort/group-values.ts';
import { ortRunner } from '../../ort/open-runner.ts';
import { reportKindUnknown, wrongArguments } from '../cli-diagnostics.ts';
import { Refusal } from '../command.ts';
import type { Arguments, Command, ExitCode } from '../command.ts';
import { FEEDS_OPTIONS, FEEDS_SUMMARY, FEEDS_VALUE, feedsFrom } from '../feeds-option.ts';
import { modelName, openModelFile } from '../open-model-file.ts';
import type { ModelFile } from '../open-model-file.ts';
import { namedSizesOf } from '../option-values.ts';
import { progressOf } from '../progress.ts';
import type { Progress } from '../progress.ts';
import { breathe, runThreads } from '../rewrite-options.ts';
import { TARGET_OPTIONS, targetOf } from '../target-option.ts';
import type { Terminal } from '../terminal.ts';
import { DEFAULT_DB, TOLERANCE_OPTION, toleranceOf } from '../tolerance-option.ts';
import { validationText } from '../validation-text.ts';
import { writeWholeFile } from '../write-whole-file.ts';
import { ANY_FILE, MODEL, reportWith } from '../operand.ts';

/** Taken where no data is given. */
const RANDOM = 'random:1';
const REPORTS = ['.html', '.json', '.csv'] as const;

/** `qdq-lab validate A B`: what a rewrite or quantization does to the numbers. */
export const validate: Command = {
  name: 'validate',
  summary: 'run models before and after a change and compare their numbers',
  usage: 'A [B]',
  operands: [MODEL, MODEL],
  details: [
    'Runs A and B (.onnx or .onnx.gz) as written on the same data and compares every tensor that both have by its name; with\n' +
      'B missing, or with --float, a quantized model is compared with itself without Q/DQ: layers, quantizers, better scales.',
    `Without --inputs the data is ${RANDOM}: enough to find where two models part, not to judge scales. Without --tolerance\n` +
      `outputs are held to an SQNR of ${String(DEFAULT_DB.pair)} dB between A and B, and of ${String(DEFAULT_DB.float)} dB as soon as the float model is one side.`,
    'Exit code 1 says that an output is beyond the tolerance or cannot be compared, 2 that something cannot be run.',
  ],
  options: [
    { name: 'inputs', value: FEEDS_VALUE, operand: ANY_FILE, summary: FEEDS_SUMMARY },
    { name: 'float', summary: 'also compare B with itself without Q/DQ' },
    {
      name: 'engine',
      summary:
        'also follow the arithmetic of the engine predicted for --target: how much is the rewrite or Q/DQ, how much fusion',
    },
    TOLERANCE_OPTION,
    {
      name: 'report',
      value: 'FILE',
      operand: reportWith('html', 'json', 'csv'),
      summary: 'also write a report: .html, .json or .csv',
    },
    { name: 'quiet', summary: 'no progress' },
    { name: 'json', summary: 'print the report as JSON' },
    ...FEEDS_OPTIONS,
    ...TARGET_OPTIONS,
  ],
  examples: [
    'qdq-lab validate before.onnx after.onnx --tolerance exact',
    'qdq-lab validate float.onnx int8.onnx --inputs images/ --samples 64 --tolerance sqnr=25,top1=0.98',
    'qdq-lab validate int8.onnx --inputs images/ --report numbers.html',
    'qdq-lab validate before.onnx after.onnx --engine --target trt10.6-sm90 --report numbers.html',
  ],
  run,
};

async function run(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const { positionals, flags, values } = args;
  const [first, second, ...rest] = positionals;
  if (first === undefined || rest.length > 0)
    throw new Refusal(wrongArguments('validate', 'one or two models', positionals.length));
  const file = values.get('report');
  if (file !== undefined && !REPORTS.some((end) => end === extname(file).toLowerCase()))
    throw new Refusal(reportKindUnknown(file, REPORTS));
  const opened: ModelFile[] = [];
  const progress = progressOf(terminal, flags.has('quiet'));
  try {
    for (const path of second === undefined ? [first] : [first, second])
      opened.push(await openModelFile(path));
    const [a, b] = opened.map(({ model }) => model);
    if (a === undefined) throw new Refusal(wrongArguments('validate', 'one or two models', 0));
    const pair: Pair = b === undefined ? { after: a } : { before: a, after: b };
    const names = { before: modelName(first), after: modelName(second ?? first) };
    const report = await validated(pair, names, args, { terminal, progress });
    progress.end();
    if (file !== undefined) await writeWholeFile(file, reportFile(report, file));
    await terminal.write(flags.has('json') ? jsonReport(report) : validationText(report, terminal));
    if (report.engineProblem) throw new Refusal(report.engineProblem);
    return report.verdict.status === 'failed' ? 1 : 0;
  } finally {
    progress.end();
    for (const model of opened) await model.close();
  }
}

interface Pair {
  readonly before?: Model;
  readonly after: Model;
}

async function validated(
  pair: Pair,
  names: { readonly before: string; readonly after: string },
  args: Arguments,
  { terminal, progress }: { readonly terminal: Terminal; readonly progress: Progress },
): Promise<ValidationReport> {
  const { before, after } = pair;
  for (const model of [before, after]) {
    if (model === undefined) continue;
    const problem = weightsProblem(model.graph);
    if (problem) throw new Refusal(problem);
    inferShapes(model);
  }
  const source = args.values.get('inputs') ?? RANDOM;
  if (!args.values.has('inputs'))
    terminal.warn(`qdq-lab: note: no --inputs are given, so the models are run on ${RANDOM}`);
  const feeds = await feedsFrom(source, after.graph, args);
  const float = before === undefined || args.flags.has('float');
  const tolerance = toleranceOf(args, float);
  const inputs = source.startsWith('random') ? `random data (${source})` : source;
  const options = await optionsOf(pair, args, feeds, progress);
  const done = await validateModels(
    {
      ...(before && { before }),
      ...{ after, float, feeds, names: { ...names, inputs } },
      ...(args.flags.has('engine') && { engine: engineOf(pair, args) }),
      ...(tolerance && { tolerance }),
    },
    options,
  );
  if (!done.ok) throw new Refusal(done.error);
  return done.value;
}

/** The engine of B. */
function engineOf({ before, after }: Pair, args: Arguments): EngineTask {
  const { engine } = startSimulation(after, targetOf(args).target);
  return {
    engine,
    together: fitTogether(after.graph, after.graph, after.graph, ...(before ? [before.graph] : [])),
    splitValues: splitOf(args, 2),
  };
}

/** `pairs`: of how many pairs of models the numbers are held at once. */
const splitOf = (args: Arguments, pairs: number): NonNullable<TaskOptions['splitValues']> => {
  const dims = namedSizesOf(args, 'dims') ?? {};
  return (graph, values) =>
    groupValues(graph, values, { budgetBytes: valueBudget(graph) / pairs, dims });
};

async function optionsOf(
  { before, after }: Pair,
  args: Arguments,
  { count }: FeedSequence,
  progress: Progress,
): Promise<TaskOptions> {
  return {
    openRunner: ortRunner({ threads: runThreads() }),
    kernels: await loadKernels(),
    pause: breathe,
    together: fitTogether((before ?? after).graph, after.graph),
    splitValues: splitOf(args, 1),
    onProgress: ({ batch, batches = count, group, groups, part, parts, kind }) => {
      const share = batches === undefined ? 0 : Math.min(1, batch / batches);
      const walked = (group - 1 + share) / groups;
      progress.update(
        kind === 'engine' ? 'Following the engine' : 'Comparing',
        (part - 1 + walked) / parts,
      );
    },
  };
}

function reportFile(report: ValidationReport, file: string): string {
  switch (extname(file).toLowerCase()) {
    case '.html':
      return htmlReport(report);
    case '.csv':
      return csvReport(report);
    default:
      return jsonReport(report);
  }
}
