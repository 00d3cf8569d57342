import { targetId } from '../sim/target.ts';
import type { EngineArithmeticReport } from './engine-arithmetic/engine-arithmetic-report.ts';
import { figuresOf, maxSteps, worstFirst } from './engine-arithmetic/engine-figures.ts';
import type { Cell, ReportTable } from './report-table.ts';
import type { TensorError } from './validation-report.ts';

/** The tables about the engine: its outputs by what changes them, what it stores with the worst first, and what was not followed. */
export const engineTables = (report: EngineArithmeticReport): readonly ReportTable[] => [
  figureTable(report),
  storedTable(report),
  remarkTable(report),
];

/** Who is to blame for how much, in a sentence or two. */
export function engineSummary(report: EngineArithmeticReport): string {
  const { target, tensors, worst, firstApart } = report;
  const name = `${targetId(target)} ${target.mode}`;
  if (worst.length === 0)
    return `In the arithmetic of the engine predicted for ${name}, all ${String(tensors.length)} tensors are equal to the bit to the model as written.`;
  const first = worstFirst(report)[0];
  const where = first?.layer === undefined ? '' : `, which the layer ${first.layer} makes`;
  return (
    `In the arithmetic of the engine predicted for ${name}, fusion changes ${String(worst.length)} of ${String(tensors.length)} tensors: ` +
    `first ${firstApart ?? ''}, most ${worst[0] ?? ''}${where}.`
  );
}

const figureTable = (report: EngineArithmeticReport): ReportTable => ({
  id: 'engine-outputs',
  title: 'Outputs of the engine: what changes them',
  columns: ['output', 'what', 'between', ...FIGURE_COLUMNS],
  rows: report.tensors
    .filter(({ isOutput }) => isOutput)
    .flatMap((tensor) =>
      figuresOf(report).flatMap(({ id, name, between }) => {
        const error = tensor[id];
        return error ? [[tensor.tensor, name, between, ...figureCells(error)]] : [];
      }),
    ),
});

function storedTable(report: EngineArithmeticReport): ReportTable {
  const figures = figuresOf(report);
  return {
    id: 'engine',
    title: 'What the engine stores, worst fusion first',
    columns: [
      ...['order', 'tensor', 'layer', 'stored as', 'output'],
      ...figures.flatMap(({ name }) => FIGURE_COLUMNS.map((column) => `${name}: ${column}`)),
    ],
    rows: worstFirst(report).map((tensor) => [
      ...[tensor.order, tensor.tensor, tensor.layer, tensor.engineType],
      tensor.isOutput ? 'yes' : '',
      ...figures.flatMap(({ id }) => {
        const error = tensor[id];
        return error ? figureCells(error) : FIGURE_COLUMNS.map(() => undefined);
      }),
    ]),
  };
}

const remarkTable = ({ remarks }: EngineArithmeticReport): ReportTable => ({
  id: 'engine-remarks',
  title: 'Not followed, or not proved',
  columns: ['what and why', 'count', 'where'],
  rows: remarks.map(({ text, names }) => [
    text,
    names.length === 0 ? undefined : names.length,
    names.join(', '),
  ]),
});

const FIGURE_COLUMNS = [
  'SQNR dB',
  'max abs error',
  'max error in steps',
  'share beyond a step',
  'unequal',
];

const figureCells = (error: TensorError): readonly Cell[] => [
  error.sqnrDb,
  error.maxAbsError,
  maxSteps(error),
  error.beyondStep,
  error.unequal,
];
