import { targetId } from '../core/sim/target.ts';
import type { EngineArithmeticReport } from '../core/validate/engine-arithmetic/engine-arithmetic-report.ts';
import {
  figuresOf,
  maxSteps,
  worstFirst,
} from '../core/validate/engine-arithmetic/engine-figures.ts';
import type {
  EquivalenceReport,
  FloatReport,
  TensorComparison,
  TensorError,
  ValidationReport,
  VerdictStatus,
} from '../core/validate/validation-report.ts';
import { counted, printable, truncateMiddle } from './plain-text.ts';
import type { Terminal } from './terminal.ts';

type Style = Pick<Terminal, 'columns' | 'colour'>;

/** Rows of each table; the report files have all. */
const MOST_ROWS = 10;
const NAME_WIDTH = 44;
const WORDS: Readonly<Record<VerdictStatus, string>> = {
  exact: 'EXACT: all outputs are equal to the bit',
  within: 'WITHIN what was asked for',
  measured: 'MEASURED: nothing was asked for',
  failed: 'FAILED: not as asked for',
};
const COLOURS: Readonly<Record<VerdictStatus, string>> = {
  exact: '1;32',
  within: '1;32',
  measured: '1',
  failed: '1;31',
};

/** A report for a terminal: the verdict, the worst of each table, and what a better scale would give. */
export function validationText(report: ValidationReport, style: Style): string {
  const { equivalence, float, engine, engineProblem, verdict, before, after, inputs } = report;
  const { batches } = equivalence ?? float ?? { batches: 0 };
  const title = equivalence ? `${before} → ${after}` : after;
  const lines = [
    `${printable(title)}, ${counted(batches, 'batch', 'batches')} of ${printable(inputs)}`,
    paint(style, COLOURS[verdict.status], WORDS[verdict.status]),
    ...verdict.findings.flatMap(({ severity, message, advice }) => [
      `  ${severity}: ${printable(message)}`,
      ...(severity === 'info' ? [] : [`    ${printable(advice)}`]),
    ]),
    ...(equivalence ? equivalenceLines(equivalence) : []),
    ...(float ? floatLines(float) : []),
    ...(engine ? engineLines(engine) : []),
    ...(engineProblem ? ['', 'The engine could not be followed:'] : []),
  ];
  return `${lines.join('\n')}\n`;
}

const paint = (style: Style, code: string, text: string): string =>
  style.colour ? `\u001b[${code}m${text}\u001b[0m` : text;

function equivalenceLines(report: EquivalenceReport): readonly string[] {
  const { tensors, firstApart, incomparable } = report;
  const exact = tensors.filter(({ error }) => error.unequal === 0).length;
  const outputs = tensors.filter(({ isOutput }) => isOutput);
  const worst = tensors
    .filter(({ error }) => error.unequal > 0)
    .sort((a, b) => a.error.sqnrDb - b.error.sqnrDb);
  return [
    '',
    `A against B: ${counted(tensors.length, 'tensor')} in both, ${String(exact)} of them equal to the bit` +
      (incomparable.length > 0 ? `, ${String(incomparable.length)} not comparable` : ''),
    ...(firstApart === undefined ? [] : [`  they part first at ${printable(firstApart)}`]),
    ...tensorTable('outputs', outputs),
    ...(worst.length > 0 ? tensorTable('worst tensors', worst) : []),
  ];
}

function tensorTable(title: string, rows: readonly TensorComparison[]): readonly string[] {
  return table(
    title,
    ['SQNR dB', 'max |Δ|', 'cosine', '> 1 step'],
    rows.map(({ tensor, error }) => ({
      name: tensor,
      cells: [
        decibels(error.sqnrDb),
        short(error.maxAbsError),
        error.cosine.toFixed(6),
        error.beyondStep === undefined ? '–' : percent(error.beyondStep),
      ],
    })),
  );
}

function floatLines(report: FloatReport): readonly string[] {
  const { layers, worst, quantizers, outputs, agreement } = report;
  const byName = new Map(layers.map((layer) => [layer.node, layer]));
  const better = quantizers
    .flatMap((quantizer) => (quantizer.better ? [{ ...quantizer, better: quantizer.better }] : []))
    .sort((a, b) => b.better.gainDb - a.better.gainDb);
  return [
    '',
    `Against float: ${counted(layers.length, 'layer')}, ${counted(quantizers.length, 'quantizer')} of activations`,
    ...tensorTable('outputs', outputs),
    ...agreement.map(
      ({ output, rows, top1, top5 }) =>
        `  ${printable(output)}: the same class in ${percent(top1)} of ${counted(rows, 'row')}` +
        (top5 === undefined ? '' : `, the float winner among the best five in ${percent(top5)}`),
    ),
    ...table(
      'worst layers',
      ['alone dB', 'in place dB', 'operator'],
      worst.flatMap((name) => {
        const layer = byName.get(name);
        if (layer === undefined) return [];
        const { local, accumulated, opType } = layer;
        const alone = local ? decibels(local.sqnrDb) : '–';
        return [{ name, cells: [alone, decibels(accumulated.sqnrDb), opType] }];
      }),
    ),
    ...(better.length === 0
      ? []
      : table(
          'scales that could be better',
          ['gain dB', 'scale', 'better', 'cut off', 'unused'],
          better.map(({ value, range, better: { scale, gainDb }, saturated, unusedRange }) => ({
            name: value,
            cells: [
              `+${gainDb.toFixed(1)}`,
              ...[range.scale, scale].map(short),
              ...[saturated, unusedRange].map(percent),
            ],
          })),
        )),
  ];
}

function engineLines(report: EngineArithmeticReport): readonly string[] {
  const { target, tensors, worst, firstApart, remarks } = report;
  const figures = figuresOf(report);
  const changed = new Set(worst);
  return [
    '',
    `In the engine predicted for ${targetId(target)} ${target.mode}: ${counted(tensors.length, 'tensor')}, ` +
      `fusion changes ${worst.length === 0 ? 'none' : String(worst.length)}`,
    ...(firstApart === undefined ? [] : [`  they part first at ${printable(firstApart)}`]),
    ...tensors
      .filter(({ isOutput }) => isOutput)
      .flatMap((tensor) =>
        table(
          tensor.tensor,
          ['SQNR dB', 'max |Δ|', 'in steps'],
          figures.flatMap(({ id, name, between }) => {
            const error = tensor[id];
            return error
              ? [
                  {
                    name: `${name} (${between})`,
                    cells: [decibels(error.sqnrDb), short(error.maxAbsError), steps(error)],
                  },
                ]
              : [];
          }),
        ),
      ),
    ...table(
      'changed most by fusion',
      ['fusion dB', 'in steps', 'stored as'],
      worstFirst(report)
        .filter(({ tensor }) => changed.has(tensor))
        .map(({ tensor, fusion, engineType = '–' }) => ({
          name: tensor,
          cells: [decibels(fusion.sqnrDb), steps(fusion), engineType],
        })),
    ),
    ...remarks.map(
      ({ text, names }) =>
        `  not followed: ${printable(text)}${names.length === 0 ? '' : ` (${listed(names)})`}`,
    ),
  ];
}

const steps = (error: TensorError): string => {
  const most = maxSteps(error);
  return most === undefined ? '–' : short(most);
};

/** Names that a remark is about; all of them are in the reports. */
const listed = (names: readonly string[]): string =>
  names.length <= 3
    ? names.map(printable).join(', ')
    : `${names.slice(0, 3).map(printable).join(', ')} and ${String(names.length - 3)} more`;

interface Row {
  readonly name: string;
  readonly cells: readonly string[];
}

function table(title: string, head: readonly string[], rows: readonly Row[]): readonly string[] {
  if (rows.length === 0) return [];
  const told = rows.slice(0, MOST_ROWS);
  const names = told.map(({ name }) => truncateMiddle(printable(name), NAME_WIDTH));
  const first = Math.max(title.length, ...names.map(({ length }) => length));
  const widths = head.map((word, i) =>
    Math.max(word.length, ...told.map(({ cells }) => (cells[i] ?? '').length)),
  );
  const line = (name: string, cells: readonly string[]): string =>
    `  ${name.padEnd(first)}${cells.map((cell, i) => `  ${cell.padStart(widths[i] ?? 0)}`).join('')}`;
  const rest = rows.length - told.length;
  return [
    line(title, head),
    ...told.map(({ cells }, i) => line(names[i] ?? '', cells)),
    ...(rest > 0 ? [`  and ${String(rest)} more (all with --report or --json)`] : []),
  ];
}

const decibels = (value: number): string =>
  Number.isFinite(value) ? value.toFixed(1) : value > 0 ? 'exact' : 'broken';
const short = (value: number): string => String(Number(value.toPrecision(4)));
const percent = (share: number): string => `${String(Number((100 * share).toPrecision(3)))} %`;
