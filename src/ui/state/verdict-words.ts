import type { EquivalenceReport, ValidationReport } from '../../core/validate/validation-report.ts';
import { shareText } from './error-columns.ts';
import { countText, decibelText } from './format-text.ts';

/** What a report comes to, said before anything else. */
export interface VerdictWords {
  readonly sign: '✓' | '=' | '≈' | '✗';
  readonly title: string;
  /** Sentences, most important first. */
  readonly lines: readonly string[];
}

const TITLES = {
  exact: ['=', 'Bit-exact: all outputs are the same numbers'],
  within: ['✓', 'Within what was promised and asked for'],
  measured: ['≈', 'Measured: nothing was promised or asked for'],
  failed: ['✗', 'Not as promised or asked for'],
} as const;

/** The verdict in words, with the contract that it was held against. */
export function verdictWords(report: ValidationReport): VerdictWords {
  const [sign, title] = TITLES[report.verdict.status];
  const { equivalence, float } = report;
  return {
    sign,
    title,
    lines: [
      ...(equivalence ? [contractLine(equivalence), ...apartLines(equivalence)] : []),
      ...(float ? floatLines(float) : []),
    ],
  };
}

function contractLine({ passes, tensors }: EquivalenceReport): string {
  if (passes.length === 0)
    return tensors.every(({ contract }) => contract === 'none')
      ? 'No passes alone led here, so nothing promises what the numbers are.'
      : 'Nothing was changed.';
  const counts = new Map<string, number>();
  for (const { numerics, changes } of passes)
    counts.set(numerics, (counts.get(numerics) ?? 0) + changes);
  const parts = [...counts].map(([numerics, count]) => `${countText(count, 'change')} ${numerics}`);
  return `Contract: ${parts.join(', ')}.`;
}

function apartLines({ tensors, firstApart, incomparable }: EquivalenceReport): readonly string[] {
  const worst = tensors
    .filter(({ isOutput }) => isOutput)
    .reduce<(typeof tensors)[number] | undefined>(
      (found, next) => (found && found.error.sqnrDb <= next.error.sqnrDb ? found : next),
      undefined,
    );
  const lost = incomparable.filter(({ isOutput }) => isOutput).length;
  return [
    ...(worst && worst.error.unequal > 0
      ? [`Before and now: output ${worst.tensor} has ${decibelWords(worst.error.sqnrDb)}.`]
      : []),
    ...(firstApart === undefined ? [] : [`The first tensor where they part is ${firstApart}.`]),
    ...(lost > 0 ? [`${countText(lost, 'output')} cannot be compared.`] : []),
  ];
}

function floatLines(float: NonNullable<ValidationReport['float']>): readonly string[] {
  const outputs = float.outputs.map(
    ({ tensor, error }) => `Against float: output ${tensor} has ${decibelWords(error.sqnrDb)}.`,
  );
  const agreement = float.agreement.map(
    ({ output, rows, top1, top5 }) =>
      `${output} chooses the same class in ${shareText(top1)} of ${countText(rows, 'row')}` +
      `${top5 === undefined ? '' : `, the float winner is among its best five in ${shareText(top5)}`}.`,
  );
  const better = float.quantizers.filter((quantizer) => quantizer.better !== undefined).length;
  return [
    ...outputs.slice(0, 3),
    ...agreement.slice(0, 3),
    ...(better > 0 ? [`${countText(better, 'scale')} could be better.`] : []),
  ];
}

const decibelWords = (decibels: number): string =>
  Number.isFinite(decibels)
    ? `an SQNR of ${decibelText(decibels)} dB`
    : decibels > 0
      ? 'exactly the same numbers'
      : 'numbers that are broken on one side';
