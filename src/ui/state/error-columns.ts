import type {
  EngineArithmeticReport,
  EngineTensorError,
} from '../../core/validate/engine-arithmetic/engine-arithmetic-report.ts';
import type {
  LayerError,
  QuantizerError,
  TensorComparison,
} from '../../core/validate/validation-report.ts';
import { maxSteps } from './engine-words.ts';
import { decibelText, numberText } from './format-text.ts';
import { tsvLine } from './layer-columns.ts';

/** What a cell is sorted by; undefined where there is nothing, which always comes last. */
type CellValue = number | string | undefined;

/** A column of one of the tables of errors. */
export interface ErrorColumn<Row> {
  readonly id: string;
  readonly title: string;
  /** What the number means. */
  readonly help: string;
  readonly value: (row: Row) => CellValue;
  readonly text: (row: Row) => string;
  /** Names are written in monospace, and to the left. */
  readonly isName?: boolean;
  /** Width of its grid track, where the usual one does not do. */
  readonly track?: string;
  /** What is shown in the place of the text: a chip, say. */
  readonly cell?: (row: Row) => unknown;
  /** Great numbers are the bad ones: sorting starts with them. */
  readonly worstFirst?: 'high' | 'low';
}

/** `0.31 %`; a share that is not nothing never looks like it. */
export function shareText(share: number): string {
  if (share === 0) return '0';
  const percent = 100 * share;
  return percent < 0.01 ? '< 0.01 %' : `${String(Number(percent.toPrecision(3)))} %`;
}

const number = (value: number): string => (Number.isFinite(value) ? numberText(value) : '∞');

const CONTRACT_WORDS: Readonly<Record<TensorComparison['contract'], string>> = {
  untouched: 'untouched',
  moved: 'moved',
  'bit-exact': 'bit-exact',
  'one-step': '±1 step',
  approximate: 'approximate',
  none: '–',
};

type Numeric<Row> = Pick<ErrorColumn<Row>, 'id' | 'title' | 'help' | 'worstFirst'> & {
  readonly of: (row: Row) => number | undefined;
  readonly as?: (value: number) => string;
};

const numeric = <Row>({ of, as = number, ...rest }: Numeric<Row>): ErrorColumn<Row> => ({
  ...rest,
  value: of,
  text: (row) => {
    const value = of(row);
    return value === undefined ? '–' : as(value);
  },
});

const named = <Row>(
  id: string,
  title: string,
  help: string,
  of: (row: Row) => string,
): ErrorColumn<Row> => ({ id, title, help, value: of, text: of, isName: true });

const SQNR_HELP = 'Signal to noise over all samples, in dB; higher is better';

/** Tensors of A against those of B. */
export const TENSOR_COLUMNS: readonly ErrorColumn<TensorComparison>[] = [
  numeric({ id: 'order', title: '#', help: 'Place in the graph', of: ({ order }) => order }),
  named('tensor', 'Tensor', 'As the models call it', ({ tensor }) => tensor),
  named('opType', 'Made by', 'Operator of A that makes it', ({ opType }) => opType),
  numeric({
    ...{ id: 'sqnr', title: 'SQNR dB', help: SQNR_HELP, worstFirst: 'low' },
    ...{ of: ({ error }) => error.sqnrDb, as: decibelText },
  }),
  numeric({
    ...{ id: 'max', title: 'Max |Δ|', help: 'Greatest absolute error', worstFirst: 'high' },
    of: ({ error }) => error.maxAbsError,
  }),
  numeric({
    ...{ id: 'mean', title: 'Mean |Δ|', help: 'Mean absolute error', worstFirst: 'high' },
    of: ({ error }) => error.meanAbsError,
  }),
  numeric({
    ...{ id: 'relative', title: 'Relative', worstFirst: 'high' },
    help: 'Root of the squared error over the squared signal',
    of: ({ error }) => error.relativeError,
  }),
  numeric({
    ...{ id: 'cosine', title: 'Cosine', help: '1 where the direction is the same' },
    ...{ worstFirst: 'low', of: ({ error }) => error.cosine },
    as: (value) => value.toFixed(6),
  }),
  numeric({
    ...{ id: 'step', title: '> 1 step', worstFirst: 'high' },
    help: 'Share of the numbers that are off by more than one step of their quantizer',
    ...{ of: ({ error }) => error.beyondStep, as: shareText },
  }),
  numeric({
    ...{ id: 'unequal', title: 'Unequal', worstFirst: 'high' },
    help: 'Numbers whose bits differ',
    of: ({ error }) => error.unequal,
  }),
  named(
    'contract',
    'Promise',
    'What the passes that were applied promise',
    ({ contract }) => CONTRACT_WORDS[contract],
  ),
];

/** Layers against the same without Q/DQ. */
export const LAYER_ERROR_COLUMNS: readonly ErrorColumn<LayerError>[] = [
  numeric({ id: 'order', title: '#', help: 'Place in the graph', of: ({ order }) => order }),
  named('node', 'Layer', 'Its node', ({ node }) => node),
  named('opType', 'Operator', 'Its operator', ({ opType }) => opType),
  numeric({
    ...{ id: 'local', title: 'Alone dB', worstFirst: 'low' },
    help: 'SQNR of the layer alone, fed with the numbers of the float model',
    ...{ of: ({ local }) => local?.sqnrDb, as: decibelText },
  }),
  numeric({
    ...{ id: 'sqnr', title: 'In place dB', worstFirst: 'low' },
    help: 'SQNR with all that the layers before it have lost',
    ...{ of: ({ accumulated }) => accumulated.sqnrDb, as: decibelText },
  }),
  numeric({
    ...{ id: 'max', title: 'Max |Δ|', help: 'Greatest absolute error, in place' },
    ...{ worstFirst: 'high', of: ({ accumulated }) => accumulated.maxAbsError },
  }),
  numeric({
    ...{ id: 'relative', title: 'Relative', worstFirst: 'high' },
    help: 'Root of the squared error over the squared signal, in place',
    of: ({ accumulated }) => accumulated.relativeError,
  }),
  numeric({
    ...{ id: 'cosine', title: 'Cosine', help: '1 where the direction is the same, in place' },
    ...{ worstFirst: 'low', of: ({ accumulated }) => accumulated.cosine },
    as: (value) => value.toFixed(6),
  }),
];

/** What each quantizer of activations does. */
export const QUANTIZER_COLUMNS: readonly ErrorColumn<QuantizerError>[] = [
  named('value', 'Quantized tensor', 'What the QuantizeLinear reads', ({ value }) => value),
  numeric({
    ...{ id: 'sqnr', title: 'SQNR dB', worstFirst: 'low' },
    help: 'Signal to the noise of this quantizer alone',
    ...{ of: ({ sqnrDb }) => sqnrDb, as: decibelText },
  }),
  numeric({ id: 'scale', title: 'Scale', help: 'One step', of: ({ range }) => range.scale }),
  numeric({
    ...{ id: 'saturated', title: 'Cut off', worstFirst: 'high' },
    help: 'Share of the numbers beyond the ends of the range',
    ...{ of: ({ saturated }) => saturated, as: shareText },
  }),
  numeric({
    ...{ id: 'unused', title: 'Unused', worstFirst: 'high' },
    help: 'Share of the range that no number reaches',
    ...{ of: ({ unusedRange }) => unusedRange, as: shareText },
  }),
  numeric({ id: 'low', title: 'Min', help: 'Smallest number seen', of: ({ minimum }) => minimum }),
  numeric({ id: 'high', title: 'Max', help: 'Largest number seen', of: ({ maximum }) => maximum }),
  numeric({
    ...{ id: 'better', title: 'Better scale', help: 'The scale with the least noise here' },
    of: ({ better }) => better?.scale,
  }),
  numeric({
    ...{ id: 'gain', title: 'Gain dB', help: 'What it would win at this quantizer' },
    ...{ worstFirst: 'high', of: ({ better }) => better?.gainDb },
    as: (value) => `+${value.toFixed(1)}`,
  }),
];

const ENGINE_START: readonly ErrorColumn<EngineTensorError>[] = [
  numeric({ id: 'order', title: '#', help: 'Place in the graph', of: ({ order }) => order }),
  named('tensor', 'Tensor', 'As the model calls it', ({ tensor }) => tensor),
  named(
    'type',
    'Stored as',
    'The type in which the engine stores it',
    ({ engineType }) => engineType ?? '–',
  ),
  numeric({
    ...{ id: 'fusion', title: 'Fusion dB', worstFirst: 'low' },
    help: 'SQNR of the arithmetic of the engine against the model as written',
    ...{ of: ({ fusion }) => fusion.sqnrDb, as: decibelText },
  }),
  numeric({
    ...{ id: 'fusionSteps', title: 'In steps', worstFirst: 'high' },
    help: 'Greatest error by fusion, in steps of the quantizer of the tensor',
    of: ({ fusion }) => maxSteps(fusion),
  }),
];
const REWRITE = numeric<EngineTensorError>({
  ...{ id: 'rewrite', title: 'Rewrite dB', worstFirst: 'low' },
  help: 'SQNR of the model of now against the one that was opened, both as written',
  ...{ of: ({ rewrite }) => rewrite?.sqnrDb, as: decibelText },
});
const REWRITE_TOTAL = numeric<EngineTensorError>({
  ...{ id: 'rewriteTotal', title: 'Both dB', worstFirst: 'low' },
  help: 'SQNR of the arithmetic of the engine against the model that was opened, as written',
  ...{ of: ({ rewriteTotal }) => rewriteTotal?.sqnrDb, as: decibelText },
});
const QUANTIZATION = numeric<EngineTensorError>({
  ...{ id: 'quantization', title: 'Q/DQ dB', worstFirst: 'low' },
  help: 'SQNR of the model as written against itself without Q/DQ',
  ...{ of: ({ quantization }) => quantization.sqnrDb, as: decibelText },
});
const TOTAL = numeric<EngineTensorError>({
  ...{ id: 'total', title: 'Both dB', worstFirst: 'low' },
  help: 'SQNR of the arithmetic of the engine against the model without Q/DQ',
  ...{ of: ({ total }) => total.sqnrDb, as: decibelText },
});
const ENGINE_END: readonly ErrorColumn<EngineTensorError>[] = [
  numeric({
    ...{ id: 'max', title: 'Max |Δ|', help: 'Greatest absolute error by fusion' },
    ...{ worstFirst: 'high', of: ({ fusion }) => fusion.maxAbsError },
  }),
  numeric({
    ...{ id: 'unequal', title: 'Unequal', help: 'Numbers whose bits differ by fusion' },
    ...{ worstFirst: 'high', of: ({ fusion }) => fusion.unequal },
  }),
  named('layer', 'Layer', 'The layer that makes it', ({ layer }) => layer ?? '–'),
];
const ENGINE_COLUMNS = [...ENGINE_START, QUANTIZATION, TOTAL, ...ENGINE_END];
/** What Q/DQ and fusion come to together is told beside the table then. */
const REWRITTEN_ENGINE_COLUMNS = [
  ...[...ENGINE_START, REWRITE, REWRITE_TOTAL, QUANTIZATION],
  ...ENGINE_END,
];

/** What the engine stores; with what the rewrite did where a model before was run too. */
export const engineColumns = ({
  tensors,
}: EngineArithmeticReport): readonly ErrorColumn<EngineTensorError>[] =>
  tensors.some(({ rewrite }) => rewrite !== undefined) ? REWRITTEN_ENGINE_COLUMNS : ENGINE_COLUMNS;

/** A sorted copy: equal cells keep their order, and empty ones come last either way. */
export function sortedErrors<Row>(
  rows: readonly Row[],
  { value }: Pick<ErrorColumn<Row>, 'value'>,
  descending: boolean,
): readonly Row[] {
  const byText = new Intl.Collator('en', { numeric: true }).compare;
  const sign = descending ? -1 : 1;
  const keyed = rows.map((row, at) => ({ row, at, key: value(row) }));
  keyed.sort((a, b) => {
    if (a.key === undefined || b.key === undefined)
      return Number(a.key === undefined) - Number(b.key === undefined) || a.at - b.at;
    const order =
      typeof a.key === 'number' && typeof b.key === 'number'
        ? // Infinities are equal to themselves; subtracting them is not.
          Number(a.key > b.key) - Number(a.key < b.key)
        : byText(String(a.key), String(b.key));
    return sign * order || a.at - b.at;
  });
  return keyed.map(({ row }) => row);
}

/** A table as tab-separated text with a head line. */
export const errorsAsTsv = <Row>(
  rows: readonly Row[],
  columns: readonly ErrorColumn<Row>[],
): string =>
  [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ text }) => text(row)))]
    .map(tsvLine)
    .join('');
