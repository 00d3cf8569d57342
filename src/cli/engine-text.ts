import { sortLayers } from '../core/engine-report/layer-lines.ts';
import type { LayerLine, LayerOrder, TypeAndFormat } from '../core/engine-report/layer-lines.ts';
import { percentText, tensorText, timeText } from '../core/engine-report/lint/engine-words.ts';
import type { EngineFinding } from '../core/engine-report/lint/engine-finding.ts';
import type { ReportedEngine } from '../core/engine-report/report/engine-report.ts';
import { summaryTable } from '../core/engine-report/report/summary-table.ts';
import { engineTitle } from '../core/engine-report/report/engine-title.ts';
import type { EngineFigures } from '../core/engine-report/engine-summary.ts';
import { colourOfLayer, markOfLayer, paint } from './layer-style.ts';
import type { Style } from './layer-style.ts';
import { counted, printable, truncateMiddle } from './plain-text.ts';
import { textColumns } from './text-columns.ts';

const SEVERITY_COLOURS = { error: '1;31', warning: '33', info: '36' } as const;
/** Findings of one kind that are told one by one. */
const MOST_OF_A_KIND = 8;

export interface LayerChoice {
  readonly order: LayerOrder;
  /** Layers to show; all without it. */
  readonly top?: number;
}

/** The layers of an engine with types and times, as a table that fits the terminal. */
export function engineLayers(engine: ReportedEngine, choice: LayerChoice, style: Style): string {
  const sorted = sortLayers(engine.layers, choice.order);
  const shown = choice.top === undefined ? sorted : sorted.slice(0, choice.top);
  const timed = engine.figures.layerTimeUs !== null;
  const table = textColumns(
    ['#', '', 'type', 'in → out', ...(timed ? ['time', 'share'] : [])],
    shown.map((line) => ({
      cells: [
        String(line.index),
        markOfLayer(line),
        printable(line.layerType),
        `${tensor(line.takes)} → ${tensor(line.gives)}`,
        ...(timed ? [timeText(line.timeUs), share(line)] : []),
      ],
      last: printable(line.name),
      colour: colourOfLayer(line),
    })),
    { last: 'layer', right: [0, 4, 5], style },
  );
  const rest = sorted.length - shown.length;
  return [
    paint(style, '1', printable(engineTitle(engine.name))),
    table,
    ...(rest > 0 ? [paint(style, '2', `and ${counted(rest, 'more layer')}`)] : []),
    '',
  ].join('\n');
}

const tensor = (value: TypeAndFormat | null): string => (value === null ? '–' : tensorText(value));
const share = ({ timeShare }: LayerLine): string =>
  timeShare === null ? '' : percentText(timeShare);

/** Figures of one or several engines side by side. */
export function engineSummary(engines: readonly EngineFigures[], style: Style): string {
  const { columns, rows } = summaryTable(engines);
  const cells = (row: readonly (string | number | null)[]): string[] =>
    row.map((cell) => printable(String(cell ?? '')));
  const heads = columns.map(({ title }) => truncateMiddle(printable(title), 40));
  // One engine needs no heading: its name stands above its layers.
  return `${textColumns(
    engines.length > 1 ? heads.slice(0, -1) : [''],
    rows.map((row) => ({ cells: cells(row).slice(0, -1), last: cells(row).at(-1) ?? '' })),
    { last: engines.length > 1 ? (heads.at(-1) ?? '') : '', right: [], style },
  ).replace(/^\s*\n/, '')}\n`;
}

/** The findings by kind: each place in a line, then what it costs and what to do, once. */
export function engineFindings({ findings }: ReportedEngine, style: Style): string {
  const groups = new Map<string, EngineFinding[]>();
  for (const finding of findings) {
    const key = [finding.severity, finding.ruleId, finding.advice].join('\n');
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  const lines = [paint(style, '1', `Findings: ${tally(findings)}`)];
  for (const group of groups.values()) lines.push('', ...groupLines(group, style));
  return `${lines.join('\n')}\n`;
}

function groupLines(group: readonly EngineFinding[], style: Style): string[] {
  const [first] = group;
  if (!first) return [];
  const lost = group.reduce((sum, { lostUs }) => sum + (lostUs ?? 0), 0);
  const rest = group.length - MOST_OF_A_KIND;
  return [
    `${paint(style, SEVERITY_COLOURS[first.severity], first.severity)}  ${first.ruleId}: ${first.title}${lost > 0 ? `, up to ${timeText(lost)}` : ''}`,
    ...group.slice(0, MOST_OF_A_KIND).map(({ message }) => `  ${printable(message)}`),
    ...(rest > 0 ? [`  and ${String(rest)} more like these (all with --json)`] : []),
    `    why: ${first.consequence}`,
    `    do:  ${first.advice}`,
  ];
}

/** `2 warnings, 3 infos`, or `nothing found`. */
export function tally(findings: readonly EngineFinding[]): string {
  if (findings.length === 0) return 'nothing found';
  return (['error', 'warning', 'info'] as const)
    .map((severity) => [severity, findings.filter((f) => f.severity === severity).length] as const)
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => counted(count, severity))
    .join(', ');
}
