import type { Diagnostic } from '../../core/base/diagnostic.ts';
import type { EngineTensorError } from '../../core/validate/engine-arithmetic/engine-arithmetic-report.ts';
import type {
  LayerError,
  QuantizerError,
  TensorComparison,
  TensorDetail,
  ValidationReport,
} from '../../core/validate/validation-report.ts';
import type { ErrorColumn } from '../state/error-columns.ts';
import { worstFirst } from '../state/engine-words.ts';
import {
  LAYER_ERROR_COLUMNS,
  QUANTIZER_COLUMNS,
  TENSOR_COLUMNS,
  engineColumns,
} from '../state/error-columns.ts';
import type { ValidationList } from '../state/validation-state.ts';

export type ErrorRow = TensorComparison | LayerError | QuantizerError | EngineTensorError;

/** One of the lists of a report, made ready for the table. */
export interface ErrorList {
  readonly rows: readonly ErrorRow[];
  readonly columns: readonly ErrorColumn<never>[];
  /** What one row is called. */
  readonly unit: string;
}

export const LIST_WORDS: Readonly<Record<ValidationList, { title: string; help: string }>> = {
  tensors: { title: 'Tensors', help: 'The model as it was opened against the model of now' },
  layers: { title: 'Layers', help: 'Each layer against itself without Q/DQ' },
  quantizers: { title: 'Quantizers', help: 'What each quantizer cuts off and leaves unused' },
  engine: {
    title: 'Fusion',
    help: 'What the predicted engine stores, against the model as written',
  },
};

/** The rows and columns of a list. */
export function errorList(report: ValidationReport, list: ValidationList): ErrorList {
  switch (list) {
    case 'tensors':
      return {
        rows: report.equivalence?.tensors ?? [],
        ...{ columns: TENSOR_COLUMNS, unit: 'tensor' },
      };
    case 'layers':
      return {
        rows: report.float?.layers ?? [],
        ...{ columns: LAYER_ERROR_COLUMNS, unit: 'layer' },
      };
    case 'quantizers':
      return {
        rows: report.float?.quantizers ?? [],
        ...{ columns: QUANTIZER_COLUMNS, unit: 'quantizer' },
      };
    case 'engine':
      return {
        rows: report.engine ? worstFirst(report.engine) : [],
        ...{ columns: report.engine ? engineColumns(report.engine) : [], unit: 'tensor' },
      };
  }
}

/** What a row goes by in its list. */
export const keyOf = (row: ErrorRow): string => ('tensor' in row ? row.tensor : row.node);

/** The tensor that a row is about. */
export const tensorOf = (row: ErrorRow): string =>
  'tensor' in row ? row.tensor : 'output' in row ? row.output : row.value;

/** What the two sides of a row are called. */
export const sidesOf = (row: ErrorRow): readonly [first: string, second: string] =>
  'fusion' in row
    ? ['as written', 'in the engine']
    : 'tensor' in row
      ? ['before', 'after']
      : ['without Q/DQ', 'with Q/DQ'];

/** The pictures of the tensor of a row, from the part of the report that the row is in. */
export function detailOf(
  { equivalence, float, engine }: ValidationReport,
  row: ErrorRow,
): TensorDetail | undefined {
  const part = 'fusion' in row ? engine : 'tensor' in row ? equivalence : float;
  const { details } = part ?? {};
  return details?.find(({ tensor }) => tensor === tensorOf(row));
}

/** Findings that are more than remarks, then the rest. */
export const byWeight = (findings: readonly Diagnostic[]): readonly Diagnostic[] => [
  ...findings.filter(({ severity }) => severity === 'error'),
  ...findings.filter(({ severity }) => severity === 'warning'),
  ...findings.filter(({ severity }) => severity === 'info'),
];
