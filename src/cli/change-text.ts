import type { PassDecline } from '../core/passes/pass-trace.ts';
import type { ChangeReport } from './change-report.ts';
import { counted, printable } from './plain-text.ts';
import type { Terminal } from './terminal.ts';
import { scoresText } from './why-text.ts';

/** Layers of the sensitivity table on a terminal. */
const MOST_LAYERS = 10;

/** A report for a terminal: each change with its reason, then the engines. */
export function changeText(report: ChangeReport, style: Pick<Terminal, 'colour'>): string {
  const { changes, leftOut, before, after, output, budgetSpent, simulations } = report;
  const bold = (text: string): string => (style.colour ? `\u001b[1m${text}\u001b[0m` : text);
  const lines = [
    bold(changes.length === 0 ? 'No change gains anything.' : counted(changes.length, 'change')),
  ];
  let reason = '';
  for (const [i, change] of changes.entries()) {
    lines.push(
      `${String(i + 1).padStart(3)}. ${change.text} [${change.source}, ${change.numerics}]`,
    );
    // Passes give the same reason for each of their places.
    if (change.reason !== reason) lines.push(`     ${change.reason}`);
    reason = change.reason;
  }
  if (leftOut.length > 0)
    lines.push(
      `${counted(leftOut.length, 'more place')} left alone: the engine is no better with them`,
    );
  lines.push(...declineLines(report), ...scaleLines(report), ...sensitivityLines(report));
  lines.push(bold(scoresText(before, after)));
  const spent = budgetSpent ? '; the budget ended the search (--budget)' : '';
  lines.push(`${counted(simulations, 'engine')} predicted${spent}`);
  if (output !== null) lines.push(`written: ${output}`);
  return lines.map((line) => `${style.colour ? keepColour(line) : printable(line)}\n`).join('');
}

/** Our own colours stay; control characters of names do not. */
const keepColour = (line: string): string =>
  line
    .split(/(\u001b\[[01]m)/)
    .map((part, i) => (i % 2 === 1 ? part : printable(part)))
    .join('');

/** Each reason once, with the first place that it was given for. */
function declineLines({ declined }: ChangeReport): readonly string[] {
  const byReason = new Map<string, PassDecline[]>();
  for (const decline of declined) {
    const key = `${decline.passId}: ${decline.reason}`;
    byReason.set(key, [...(byReason.get(key) ?? []), decline]);
  }
  return [...byReason].map(([reason, places]) => {
    const more = places.length > 1 ? ` and at ${counted(places.length - 1, 'more place')}` : '';
    return `${reason} (at ${places[0]?.site ?? ''}${more})`;
  });
}

function scaleLines({ scales }: ChangeReport): readonly string[] {
  if (!scales) return [];
  const count = Object.keys(scales.scales).length;
  return [
    `${counted(count, 'scale')} by ${scales.method || 'an unknown method'} from ${scales.source}`,
  ];
}

function sensitivityLines({ sensitivity }: ChangeReport): readonly string[] {
  if (!sensitivity) return [];
  const { layers, proposal, batches } = sensitivity;
  const rows = layers
    .slice(0, MOST_LAYERS)
    .map(
      ({ layer, opType, sqnrDb }) => `  ${sqnrDb.toFixed(1).padStart(6)} dB  ${layer} (${opType})`,
    );
  const rest = layers.length - rows.length;
  return [
    `Sensitivity, each layer quantized alone (${counted(batches, 'batch', 'batches')}), the most harmful first:`,
    ...rows,
    ...(rest > 0 ? [`  and ${counted(rest, 'more layer')} (all with --json or --report)`] : []),
    proposal.layers.length === 0
      ? 'Nothing needs to be left in float.'
      : `Leaving these in float would help: --exclude ${proposal.layers.join(',')}`,
  ];
}
