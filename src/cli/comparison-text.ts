import type {
  Disagreement,
  RealityComparison,
  RuleSuspect,
} from '../core/reality/reality-comparison.ts';
import { printable } from './plain-text.ts';

/** A prediction held against the built engine, for the terminal: figures, then each place where they part. */
export function realityText(comparison: RealityComparison): string {
  const { engine, target, mode, figures, typesKnown, disagreements } = comparison;
  const counted = disagreements.filter((item) => !isReformat(item));
  const reformats = disagreements.length - counted.length;
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  return [
    `${printable(engine)} beside the prediction for ${target} ${mode}`,
    `  layers that agree     ${percent(figures.layers)}`,
    `  precision that agrees ${typesKnown ? percent(figures.precision) : 'not known'}`,
    `  Q/DQ that agree       ${percent(figures.qdq)}`,
    counted.length === 0
      ? 'Prediction and engine agree.'
      : `${counted.length} ${counted.length === 1 ? 'place' : 'places'} where they part:`,
    ...counted.flatMap(disagreementLines),
    ...(reformats === 0
      ? []
      : [`Reformats at ${reformats} places differ too, which TensorRT decides by timing.`]),
    '',
  ].join('\n');
}

/** Reformats follow from layouts, which nobody can predict for sure. */
export const isReformat = ({ kind }: Disagreement): boolean => kind.startsWith('reformat');

function disagreementLines(item: Disagreement): string[] {
  const { kind, text, timeUs, decidedByTiming, suspects } = item;
  const notes = [
    ...(timeUs === null || timeUs === 0 ? [] : [`${timeUs.toFixed(1)} µs`]),
    ...(decidedByTiming ? ['decided by timing'] : []),
  ];
  return [
    `  ${kind}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}: ${printable(text)}`,
    ...(suspects.length === 0
      ? ['    no rule is known to have erred']
      : suspects.map((suspect) => `    ${printable(suspectText(suspect))}`)),
  ];
}

const CERTAINTIES: Readonly<Record<RuleSuspect['certainty'], string>> = {
  log: 'by the log',
  only: 'the only rule concerned',
  suspect: 'suspect',
};

const suspectText = ({ ruleId, pass, certainty, evidence }: RuleSuspect): string =>
  `${ruleId === '' ? pass : ruleId} (${CERTAINTIES[certainty]}): ${evidence}`;
