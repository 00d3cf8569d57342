import type { BuiltEngine } from '../../core/engine/built-engine.ts';
import { engineSvg } from '../../core/engine-report/drawing/engine-svg.ts';
import { LAYER_ORDERS } from '../../core/engine-report/layer-lines.ts';
import { reportEngines } from '../../core/engine-report/report/engine-report.ts';
import type { EngineReport } from '../../core/engine-report/report/engine-report.ts';
import { csvReport } from '../../core/engine-report/report/report-csv.ts';
import { htmlReport } from '../../core/engine-report/report/report-html.ts';
import { xlsxReport } from '../../core/engine-report/report/report-xlsx.ts';
import { wrongArguments } from '../cli-diagnostics.ts';
import { Refusal } from '../command.ts';
import type { Arguments, Command, ExitCode } from '../command.ts';
import { describeDiagnostic } from '../describe-diagnostic.ts';
import { BUDGET_OPTIONS, budgetOf } from '../engine-budget.ts';
import { comparisonText } from '../engine-comparison-text.ts';
import { engineFindings, engineLayers, engineSummary } from '../engine-text.ts';
import { compareReality, REALITY_OPTIONS } from '../compare-reality.ts';
import { isReformat, realityText } from '../comparison-text.ts';
import type { EngineOutput } from '../engine-output.ts';
import { choiceOf, integerOf } from '../option-values.ts';
import { readEngineFiles, shortNames } from '../read-engine-files.ts';
import { ANY_FILE, reportWith } from '../operand.ts';
import type { Terminal } from '../terminal.ts';
import { writeWholeFile } from '../write-whole-file.ts';

/** `qdq-lab engine FILE…`: what TensorRT really built, where its time goes, and what changed. */
export const engine: Command = {
  name: 'engine',
  summary: 'read, judge, draw and compare engines that TensorRT built',
  usage: 'FILE…',
  operands: [ANY_FILE],
  details: [
    'FILE is the layers of an engine as trtexec exports them (--exportLayerInfo with --profilingVerbosity=detailed, TensorRT\n' +
      '8.2 to 11), the profile, times, log or manifest that belongs to it, or a folder of such files; .gz is unpacked, - is\n' +
      'standard input. Prints the layers with types and times, a summary, and findings: reformats, Q/DQ that no layer took,\n' +
      'float between INT8, channels that fill no vector, kernels without tensor cores.',
    'With --compare, or with files of several engines, engines are aligned by the ONNX nodes that their layers run, and the\n' +
      'first is what the others are held against: which groups of layers won time, which lost it, and by what change.',
    'With --model the engine is predicted from its ONNX model and held against the first engine given: figures, and each\n' +
      'place where they part with the rule that may have erred; a build log among the files tells it for sure.',
    'Exit code 0, whatever is found; 1 says that an engine given as FILE breaks a budget (--max-reformats, --min-int8-share,\n' +
      '--max-latency-us) or that the prediction of --model differs in more than reformats, 2 that a file could not be read.',
  ],
  options: [
    {
      name: 'profile',
      value: 'FILE',
      operand: ANY_FILE,
      summary: 'times of the layers (trtexec --exportProfile)',
    },
    {
      name: 'compare',
      value: 'FILE',
      operand: ANY_FILE,
      summary: 'another engine, its profile, or a folder; may be given several times',
      repeats: true,
    },
    {
      name: 'svg',
      value: 'OUT',
      operand: reportWith('svg'),
      summary: 'draw the engine (of several the first)',
    },
    { name: 'heat', summary: 'colour the drawing by time instead of precision' },
    {
      name: 'html',
      value: 'OUT',
      operand: reportWith('html'),
      summary: 'write a report with charts, drawing and tables',
    },
    {
      name: 'csv',
      value: 'OUT',
      operand: reportWith('csv'),
      summary: 'write the layers, of several engines the comparison',
    },
    {
      name: 'xlsx',
      value: 'OUT',
      operand: reportWith('xlsx'),
      summary: 'write all tables as a workbook',
    },
    { name: 'top', value: 'N', summary: 'show N layers (groups, when comparing) instead of all' },
    {
      name: 'sort',
      value: 'ORDER',
      summary: `order of the layers: ${LAYER_ORDERS.join(', ')}`,
      choices: LAYER_ORDERS,
    },
    ...BUDGET_OPTIONS,
    ...REALITY_OPTIONS,
    { name: 'json', summary: 'print the whole report as JSON' },
  ],
  examples: [
    'qdq-lab engine resnet18.layer.json --profile resnet18.profile.json --top 10',
    'qdq-lab engine engines/resnet18 --html resnet18.html',
    'qdq-lab engine before.layer.json before.profile.json --compare after/',
    'qdq-lab engine engines/ --model resnet18.onnx --bug-report differs.zip',
    'qdq-lab engine engine.layer.json --max-reformats 3 --min-int8-share 80',
  ],
  run,
};

async function run(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const { positionals, values, flags, lists } = args;
  if (positionals.length === 0)
    throw new Refusal(wrongArguments('engine', 'the layers of an engine', 0));
  const judge = budgetOf(args);
  const top = integerOf(args, 'top', 1);
  const order = choiceOf(args, 'sort', LAYER_ORDERS);
  const profile = values.get('profile');
  const own = await readEngineFiles([...positionals, ...(profile === undefined ? [] : [profile])]);
  const compared = lists.get('compare') ?? [];
  const others = compared.length === 0 ? [] : await readEngineFiles(compared);
  const engines = shortNames([...own, ...others]);
  const report = reportEngines(engines);
  for (const { name, remarks } of report.engines)
    for (const remark of remarks) terminal.warn(describeDiagnostic(remark, name));
  await writeFiles(report, engines, args);
  const reality = await compareReality(own[0]!, args, terminal);
  const broken = report.engines.slice(0, own.length).flatMap(({ figures }) => judge(figures));
  if (flags.has('json')) {
    const output: EngineOutput = { ...report, prediction: reality };
    await terminal.write(`${JSON.stringify(output, null, 1)}\n`);
  } else {
    const choice = {
      order: order ?? (top === undefined ? 'index' : 'time'),
      ...(top !== undefined && { top }),
    } as const;
    await terminal.write(reportText(report, choice, terminal));
    if (reality) await terminal.write(`\n${realityText(reality)}`);
  }
  for (const problem of broken) terminal.warn(describeDiagnostic(problem));
  const differs = reality?.disagreements.some((item) => !isReformat(item)) ?? false;
  return broken.length === 0 && !differs ? 0 : 1;
}

function reportText(
  report: EngineReport,
  choice: Parameters<typeof engineLayers>[1],
  terminal: Terminal,
): string {
  const { engines, comparison } = report;
  const summary = engineSummary(
    engines.map(({ figures }) => figures),
    terminal,
  );
  const [first] = engines;
  if (comparison) return [summary, comparisonText(comparison, choice.top, terminal)].join('\n');
  if (!first) return summary;
  return [engineLayers(first, choice, terminal), summary, engineFindings(first, terminal)].join(
    '\n',
  );
}

async function writeFiles(
  report: EngineReport,
  engines: readonly BuiltEngine[],
  { values, flags }: Arguments,
): Promise<void> {
  const [first] = engines;
  const [svg, html, csv, xlsx] = ['svg', 'html', 'csv', 'xlsx'].map((name) => values.get(name));
  const colour = flags.has('heat') ? 'heat' : 'precision';
  if (svg !== undefined && first) await writeWholeFile(svg, engineSvg(first, { colour }));
  if (html !== undefined) await writeWholeFile(html, htmlReport(report, engines));
  // The mark tells spreadsheets that the text is UTF-8.
  if (csv !== undefined) await writeWholeFile(csv, `\ufeff${csvReport(report)}`);
  if (xlsx !== undefined) {
    const bytes = new Uint8Array(await (await xlsxReport(report)).arrayBuffer());
    await writeWholeFile(xlsx, bytesOf(bytes));
  }
}

async function* bytesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
