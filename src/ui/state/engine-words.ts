import type {
  EngineArithmeticReport,
  EngineTensorError,
} from '../../core/validate/engine-arithmetic/engine-arithmetic-report.ts';
import type { TensorError } from '../../core/validate/validation-report.ts';
import { countText } from './format-text.ts';
import { engineText } from './targets.ts';

/** One of the figures that tell changes of the user, quantization and fusion apart. */
export interface EngineFigure {
  readonly id: 'rewrite' | 'quantization' | 'fusion' | 'rewriteTotal' | 'total';
  readonly title: string;
  /** What is compared with what. */
  readonly help: string;
  readonly error: TensorError;
}

const FIGURES: readonly Omit<EngineFigure, 'error'>[] = [
  {
    id: 'rewrite',
    title: 'Your rewrite',
    help: 'The model that was opened against the one of now, both as written',
  },
  {
    id: 'quantization',
    title: 'Q/DQ',
    help: 'The model without Q/DQ against the model as written',
  },
  {
    id: 'fusion',
    title: 'Fusion',
    help: 'The model as written against the arithmetic of the engine',
  },
  {
    id: 'rewriteTotal',
    title: 'Rewrite and fusion',
    help: 'The model that was opened, as written, against the arithmetic of the engine',
  },
  {
    id: 'total',
    title: 'Q/DQ and fusion',
    help: 'The model without Q/DQ against the arithmetic of the engine',
  },
];

/** The figures of a tensor: of a rewrite where there is a model before, of Q/DQ unless there are none and a rewrite is told. */
export function figuresOf(
  tensor: EngineTensorError,
  { tensors }: EngineArithmeticReport,
): readonly EngineFigure[] {
  const isQuantized = tensors.some(({ quantization }) => quantization.unequal > 0);
  return FIGURES.flatMap((figure) => {
    const error = tensor[figure.id];
    const isOfQuantization = figure.id === 'quantization' || figure.id === 'total';
    const isIdle = isOfQuantization && !isQuantized && tensor.rewrite !== undefined;
    return error === undefined || isIdle ? [] : [{ ...figure, error }];
  });
}

/** The greatest error in steps of the tensor's quantizer; undefined without one. */
export const maxSteps = ({ maxAbsError, step }: TensorError): number | undefined =>
  step === undefined ? undefined : maxAbsError / step;

/** The output that fusion changes most, and how many there are. */
export function worstOutput({ tensors }: EngineArithmeticReport): {
  readonly output: EngineTensorError | undefined;
  readonly count: number;
} {
  const outputs = tensors.filter(({ isOutput }) => isOutput);
  const output = outputs.reduce<EngineTensorError | undefined>(
    (worst, next) => (worst && worst.fusion.sqnrDb <= next.fusion.sqnrDb ? worst : next),
    undefined,
  );
  return { output, count: outputs.length };
}

/** Sorted once for each report: tables look at whether their rows are the same. */
const sorted = new WeakMap<EngineArithmeticReport, readonly EngineTensorError[]>();

/** Tensors that fusion changes, the worst first, then those that it leaves as they are. */
export function worstFirst(report: EngineArithmeticReport): readonly EngineTensorError[] {
  const known = sorted.get(report);
  if (known) return known;
  const { tensors, worst } = report;
  const ranks = new Map(worst.map((tensor, rank) => [tensor, rank]));
  const rankOf = ({ tensor }: EngineTensorError): number => ranks.get(tensor) ?? worst.length;
  const rows = [...tensors].sort((a, b) => rankOf(a) - rankOf(b));
  sorted.set(report, rows);
  return rows;
}

/** How far fusion reaches, in a sentence. */
export function fusionLine({ tensors, worst }: EngineArithmeticReport): string {
  const count = countText(tensors.length, 'tensor');
  if (tensors.length === 0) return 'The engine stores no tensor that the model has.';
  return worst.length === 0
    ? `Fusion changes nothing: the model as written gives the same bits, in ${count}.`
    : `Fusion changes ${String(worst.length)} of ${count}.`;
}

/** The tensor that fusion changes first, and the one that it changes most; none where it changes nothing. */
export function turningPoints(
  report: EngineArithmeticReport,
): readonly { readonly words: string; readonly tensor: EngineTensorError }[] {
  const { worst, firstApart } = report;
  if (worst.length === 0) return [];
  const first = report.tensors.find(({ tensor }) => tensor === firstApart);
  const [most] = worstFirst(report);
  return [
    ...(first ? [{ words: 'First', tensor: first }] : []),
    ...(most ? [{ words: 'Most', tensor: most }] : []),
  ];
}

/** `trt10.6-sm90 best` */
export const followedTarget = ({ target }: EngineArithmeticReport): string => engineText(target);
