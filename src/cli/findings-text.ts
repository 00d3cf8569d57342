import type { Severity } from '../core/base/diagnostic.ts';
import type { Finding } from '../core/lint/finding.ts';
import type { PredictedEngine } from '../core/sim/predicted-engine.ts';
import { targetId } from '../core/sim/target.ts';
import { counted, printable } from './plain-text.ts';
import type { Terminal } from './terminal.ts';

const COLOURS: Readonly<Record<Severity, string>> = { error: '1;31', warning: '33', info: '36' };

/** Findings of one kind that are told one by one. */
const MOST_OF_A_KIND = 10;

type Style = Pick<Terminal, 'colour'>;

const paint = (style: Style, code: string, text: string): string =>
  style.colour ? `\u001b[${code}m${text}\u001b[0m` : text;

/** The findings of one model by kind: each place in a line, then what it leads to and what to do, once. */
export function findingsText(
  name: string,
  { target, mode }: PredictedEngine,
  findings: readonly Finding[],
  style: Style,
): string {
  const title = paint(style, '1', printable(name));
  const lines = [`${title}  ${targetId(target)} ${mode}: ${tally(findings)}`];
  for (const group of byKind(findings)) lines.push('', ...groupLines(group, style));
  return `${lines.join('\n')}\n`;
}

/** `1 error, 2 warnings, 3 infos`, or `nothing found`. */
export function tally(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'nothing found';
  return (['error', 'warning', 'info'] as const)
    .map((severity) => [severity, findings.filter((f) => f.severity === severity).length] as const)
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => counted(count, severity))
    .join(', ');
}

function groupLines(group: readonly [Finding, ...Finding[]], style: Style): string[] {
  const [{ severity, ruleId, parserMessage }] = group;
  const lines = [`${paint(style, COLOURS[severity], severity)}  ${ruleId}`];
  for (const { message } of group.slice(0, MOST_OF_A_KIND)) lines.push(`  ${printable(message)}`);
  const rest = group.length - MOST_OF_A_KIND;
  if (rest > 0) lines.push(`  and ${String(rest)} more like these (all with --json)`);
  lines.push(`    why: ${printable(group[0].consequence)}`);
  if (parserMessage !== undefined) lines.push(`    TensorRT says: ${printable(parserMessage)}`);
  const [{ fix, advice }] = group;
  lines.push(`    do:  ${printable(group.length === 1 && fix ? fix.description : advice)}`);
  return lines;
}

/** Findings of one rule, severity and consequence together, in the order of the first of each. */
function byKind(findings: readonly Finding[]): [Finding, ...Finding[]][] {
  const groups = new Map<string, [Finding, ...Finding[]]>();
  for (const finding of findings) {
    const { ruleId, severity, consequence, advice } = finding;
    const key = [ruleId, severity, consequence, advice].join('\n');
    const group = groups.get(key);
    if (group) group.push(finding);
    else groups.set(key, [finding]);
  }
  return [...groups.values()];
}
