import { engineTables } from './report-engine.ts';
import type {
  FloatReport,
  LayerError,
  QuantizerError,
  TensorComparison,
  TensorError,
  ValidationReport,
} from './validation-report.ts';

/** A cell: text, or a number that the reader of the table formats. */
export type Cell = string | number | undefined;

/** A table of a report, the same in every format. */
export interface ReportTable {
  /** Short and stable: `tensors`, `layers`, `quantizers`, `outputs`, `agreement`, `passes`, `incomparable`, `engine-outputs`, `engine`, `engine-remarks`. */
  readonly id: string;
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

const ERROR_COLUMNS = [
  'SQNR dB',
  'max abs error',
  'mean abs error',
  'relative error',
  'max relative error',
  'cosine',
  'unequal',
  'not finite',
  'count',
  'step',
  'share beyond a step',
];

const errorCells = (error: TensorError): Cell[] => [
  error.sqnrDb,
  error.maxAbsError,
  error.meanAbsError,
  error.relativeError,
  error.maxRelativeError,
  error.cosine,
  error.unequal,
  error.nonFinite,
  error.count,
  error.step,
  error.beyondStep,
];

/** All tables of a report, in the order in which they are read; empty ones are left out. */
export function reportTables({
  equivalence,
  float,
  engine,
}: ValidationReport): readonly ReportTable[] {
  const tables: ReportTable[] = [];
  if (equivalence) {
    tables.push(
      {
        id: 'passes',
        title: 'Passes applied',
        columns: ['pass', 'promise', 'changes'],
        rows: equivalence.passes.map(({ passId, numerics, changes }) => [
          passId,
          numerics,
          changes,
        ]),
      },
      comparisonTable('tensors', 'Tensors before and after', equivalence.tensors),
      incomparableTable(equivalence.incomparable),
    );
  }
  if (float) tables.push(...floatTables(float));
  if (engine) tables.push(...engineTables(engine));
  return tables.filter(({ rows }) => rows.length > 0);
}

const comparisonTable = (
  id: string,
  title: string,
  tensors: readonly TensorComparison[],
): ReportTable => ({
  id,
  title,
  columns: ['order', 'tensor', 'node', 'operator', 'type', 'output', 'promise', ...ERROR_COLUMNS],
  rows: tensors.map(({ order, tensor, node, opType, dataType, isOutput, contract, error }) => [
    order,
    tensor,
    node,
    opType,
    dataType,
    isOutput ? 'yes' : '',
    contract,
    ...errorCells(error),
  ]),
});

const incomparableTable = (
  tensors: readonly FloatReport['incomparable'][number][],
): ReportTable => ({
  id: 'incomparable',
  title: 'Tensors that cannot be compared',
  columns: ['tensor', 'output', 'reason', 'before', 'after'],
  rows: tensors.map(({ tensor, isOutput, reason, before, after }) => [
    tensor,
    isOutput ? 'yes' : '',
    reason,
    before,
    after,
  ]),
});

function floatTables({
  layers,
  worst,
  quantizers,
  outputs,
  agreement,
  incomparable,
}: FloatReport): readonly ReportTable[] {
  const ranks = new Map(worst.map((node, rank) => [node, rank + 1]));
  return [
    layerTable(layers, ranks),
    quantizerTable(quantizers),
    comparisonTable('outputs', 'Outputs against float', outputs),
    {
      id: 'agreement',
      title: 'Same class as the float model',
      columns: ['output', 'rows', 'classes', 'top-1', 'top-5'],
      rows: agreement.map(({ output, rows, classes, top1, top5 }) => [
        output,
        rows,
        classes,
        top1,
        top5,
      ]),
    },
    incomparableTable(incomparable),
  ];
}

const layerTable = (
  layers: readonly LayerError[],
  ranks: ReadonlyMap<string, number>,
): ReportTable => ({
  id: 'layers',
  title: 'Layers against float',
  columns: [
    'order',
    'layer',
    'operator',
    'output',
    'rank, worst first',
    'local SQNR dB',
    'local cosine',
    ...ERROR_COLUMNS,
  ],
  rows: layers.map(({ order, node, opType, output, local, accumulated }) => [
    order,
    node,
    opType,
    output,
    ranks.get(node),
    local?.sqnrDb,
    local?.cosine,
    ...errorCells(accumulated),
  ]),
});

const quantizerTable = (quantizers: readonly QuantizerError[]): ReportTable => ({
  id: 'quantizers',
  title: 'Quantizers of activations',
  columns: [
    'quantizer',
    'value',
    'type',
    'scale',
    'zero point',
    'minimum',
    'maximum',
    'saturated',
    'unused range',
    'SQNR dB',
    'better scale',
    'gain dB',
  ],
  rows: quantizers.map(
    ({ node, value, range, minimum, maximum, saturated, unusedRange, sqnrDb, better }) => [
      node,
      value,
      range.quantizedType,
      range.scale,
      range.zeroPoint,
      minimum,
      maximum,
      saturated,
      unusedRange,
      sqnrDb,
      better?.scale,
      better?.gainDb,
    ],
  ),
});
