import type { ClassAgreement } from './validation-report.ts';

/** How many best classes are looked at. */
const BEST = 5;

/** Counts over all rows of one output how often two models choose the same class. */
export class AgreementSum {
  private readonly output: string;
  private rows = 0;
  private classes = 0;
  private same = 0;
  private among = 0;

  constructor(output: string) {
    this.output = output;
  }

  /** Takes the scores of one batch in: rows of classes, as `classesOf` found them. */
  add(reference: Float32Array, other: Float32Array, classes: number): void {
    this.classes = classes;
    for (let start = 0; start + classes <= reference.length; start += classes) {
      const winner = winnerOf(reference.subarray(start, start + classes));
      const rank = rankOf(other.subarray(start, start + classes), winner);
      this.rows++;
      if (rank === 0) this.same++;
      if (rank < BEST) this.among++;
    }
  }

  /** Undefined when there was no row. */
  result(): ClassAgreement | undefined {
    const { output, rows, classes } = this;
    if (rows === 0) return undefined;
    const top5 = classes > BEST ? { top5: this.among / rows } : {};
    return { output, rows, classes, top1: this.same / rows, ...top5 };
  }
}

/** The number of classes of an output whose rows are scores: [batch, classes], also with trailing ones; undefined for others. */
export function classesOf(dims: readonly number[]): number | undefined {
  const [, classes = 0, ...rest] = dims;
  return classes >= 2 && rest.every((dim) => dim === 1) ? classes : undefined;
}

/** Index of the largest, the first of equal ones. */
function winnerOf(scores: Float32Array): number {
  let best = 0;
  for (let i = 1; i < scores.length; i++) if (scores[i]! > scores[best]!) best = i;
  return best;
}

/** How many come before `at` when sorted from the largest on, equal ones in their order. */
function rankOf(scores: Float32Array, at: number): number {
  const own = scores[at]!;
  let before = 0;
  for (let i = 0; i < scores.length; i++)
    // A NaN is beaten by all, and is no winner.
    if (scores[i]! > own || (scores[i] === own && i < at) || (own !== own && i !== at)) before++;
  return before;
}
