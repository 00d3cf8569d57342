import type { TensorError } from '../validation-report.ts';
import type { EngineArithmeticReport, EngineTensorError } from './engine-arithmetic-report.ts';

/** One of the figures that tell a rewrite, quantization and fusion apart. */
export interface EngineFigure {
  readonly id: 'rewrite' | 'quantization' | 'fusion' | 'rewriteTotal' | 'total';
  readonly name: string;
  /** What is compared with what: models as written, the model without Q/DQ, and the arithmetic of the engine. */
  readonly between: string;
}

const FIGURES: readonly EngineFigure[] = [
  { id: 'rewrite', name: 'rewrite', between: 'before → model' },
  { id: 'quantization', name: 'Q/DQ', between: 'float → model' },
  { id: 'fusion', name: 'fusion', between: 'model → engine' },
  { id: 'rewriteTotal', name: 'rewrite and fusion', between: 'before → engine' },
  { id: 'total', name: 'Q/DQ and fusion', between: 'float → engine' },
];

/** The figures that a report has: of a rewrite only with a model before, of Q/DQ only where there are some. */
export function figuresOf({ tensors }: EngineArithmeticReport): readonly EngineFigure[] {
  const isQuantized = tensors.some(({ quantization }) => quantization.unequal > 0);
  return FIGURES.filter(({ id }) => {
    if (id === 'fusion') return true;
    return id === 'quantization' || id === 'total'
      ? isQuantized || tensors.every(({ rewrite }) => rewrite === undefined)
      : tensors.some((tensor) => tensor[id] !== undefined);
  });
}

/** The greatest error in steps of the tensor's quantizer; undefined without one. */
export const maxSteps = ({ maxAbsError, step }: TensorError): number | undefined =>
  step === undefined ? undefined : maxAbsError / step;

/** Tensors that fusion changes, the worst first, then those that it leaves as they are. */
export function worstFirst({
  tensors,
  worst,
}: EngineArithmeticReport): readonly EngineTensorError[] {
  const ranks = new Map(worst.map((tensor, rank) => [tensor, rank]));
  const rankOf = ({ tensor }: EngineTensorError): number => ranks.get(tensor) ?? worst.length;
  return [...tensors].sort((a, b) => rankOf(a) - rankOf(b));
}
