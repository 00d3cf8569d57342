import type { Change } from '../../api/analyze-api.ts';
import { percentText, sizeText } from './format-text.ts';

/** One figure of the engine before and after a change. */
export interface GainRow {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  /** `−2`, `+1`, or `=`. */
  readonly delta: string;
  /** True where the change helps this figure. */
  readonly better: boolean;
}

interface Figure {
  readonly name: string;
  readonly of: (score: Change['before']) => number;
  readonly text: (amount: number) => string;
  readonly moreIsBetter?: boolean;
}

const FIGURES: readonly Figure[] = [
  { name: 'Layers', of: (score) => score.layers, text: String },
  { name: 'INT8 of all layers', of: shareOf, text: percentText, moreIsBetter: true },
  { name: 'Reformats', of: (score) => score.reformats, text: String },
  { name: 'Q/DQ left', of: (score) => score.survivingQdq, text: String },
  { name: 'Data moved', of: (score) => score.bytes, text: sizeText },
];

/** What the engine gains by a change, figure by figure. */
export const gainOf = ({ before, after }: Pick<Change, 'before' | 'after'>): readonly GainRow[] =>
  FIGURES.map(({ name, of, text, moreIsBetter }) => {
    const difference = of(after) - of(before);
    return {
      name,
      before: text(of(before)),
      after: text(of(after)),
      delta: deltaText(difference, text),
      better: moreIsBetter === true ? difference > 0 : difference < 0,
    };
  });

function shareOf({ int8Layers, layers }: Change['before']): number {
  return layers === 0 ? 0 : int8Layers / layers;
}

function deltaText(difference: number, text: (amount: number) => string): string {
  if (difference === 0) return '=';
  return `${difference < 0 ? '−' : '+'}${text(Math.abs(difference))}`;
}
