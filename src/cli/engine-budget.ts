import type { Diagnostic } from '../core/base/diagnostic.ts';
import { percentText, timeText } from '../core/engine-report/lint/engine-words.ts';
import type { EngineFigures } from '../core/engine-report/engine-summary.ts';
import { optionValueInvalid } from './cli-diagnostics.ts';
import { Refusal } from './command.ts';
import type { Arguments, Option } from './command.ts';
import { budgetBroken, budgetUnmeasured } from './engine-diagnostics.ts';
import { integerOf, numberOf } from './option-values.ts';
import { counted } from './plain-text.ts';

/** What an engine may cost at most, for builds that watch over it. */
export const BUDGET_OPTIONS: readonly Option[] = [
  { name: 'max-reformats', value: 'N', summary: 'exit 1 with more reformats and Q/DQ left than N' },
  {
    name: 'min-int8-share',
    value: 'PERCENT',
    summary: 'exit 1 with less of the time in INT8 (of the layers without a profile)',
  },
  {
    name: 'max-latency-us',
    value: 'US',
    summary: 'exit 1 above this median latency (sum over layers where no times are given)',
  },
];

/** Reads the budgets, and answers what a given engine breaks of them. Throws a `Refusal` on a value that is none. */
export function budgetOf(args: Arguments): (figures: EngineFigures) => readonly Diagnostic[] {
  const reformats = integerOf(args, 'max-reformats', 0);
  const share = percentOf(args, 'min-int8-share');
  const latency = numberOf(args, 'max-latency-us');
  return (figures) => [
    ...(reformats === undefined ? [] : checkReformats(figures, reformats)),
    ...(share === undefined ? [] : checkShare(figures, share)),
    ...(latency === undefined ? [] : checkLatency(figures, latency)),
  ];
}

function percentOf(args: Arguments, option: string): number | undefined {
  const percent = numberOf(args, option);
  if (percent !== undefined && (percent < 0 || percent > 100))
    throw new Refusal(optionValueInvalid(option, String(percent), '80'));
  return percent === undefined ? undefined : percent / 100;
}

function checkReformats(
  { name, reformats, quantizers }: EngineFigures,
  most: number,
): Diagnostic[] {
  const have = reformats.layers + quantizers.layers;
  return have <= most
    ? []
    : [
        budgetBroken(
          'max-reformats',
          name,
          `${counted(reformats.layers, 'reformat')} and ${String(quantizers.layers)} Q/DQ left`,
          `at most ${String(most)}`,
        ),
      ];
}

function checkShare({ name, low, lowShare }: EngineFigures, least: number): Diagnostic[] {
  const have = low.timeShare ?? lowShare ?? 0;
  if (have >= least) return [];
  const of = low.timeShare === null ? 'its computing layers' : 'its time';
  return [
    budgetBroken(
      'min-int8-share',
      name,
      `${percentText(have)} of ${of} in INT8`,
      percentText(least),
    ),
  ];
}

function checkLatency({ name, latency, layerTimeUs }: EngineFigures, most: number): Diagnostic[] {
  const have = latency?.computeMedianUs ?? layerTimeUs;
  if (have === null) throw new Refusal(budgetUnmeasured('max-latency-us', name));
  const what = latency ? 'a median latency' : 'a sum over layers';
  return have <= most
    ? []
    : [
        budgetBroken(
          'max-latency-us',
          name,
          `${what} of ${timeText(have)}`,
          `at most ${timeText(most)}`,
        ),
      ];
}
