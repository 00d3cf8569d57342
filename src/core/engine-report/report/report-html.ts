import {
  REPORT_SCRIPT,
  REPORT_SCRIPT_HASH,
  REPORT_STYLE,
  REPORT_STYLE_HASH,
} from '../../base/report-page.ts';
import type { BuiltEngine } from '../../engine/built-engine.ts';
import type { EngineComparison } from '../compare/engine-comparison.ts';
import { DRAWING_STYLE } from '../drawing/drawing-style.ts';
import { engineSvg } from '../drawing/engine-svg.ts';
import { escapeMarkup } from '../drawing/markup.ts';
import type { PrecisionLatency } from '../latency-breakdown.ts';
import type { EngineFinding } from '../lint/engine-finding.ts';
import { counted, percentText, timeText } from '../lint/engine-words.ts';
import {
  efficiencyChart,
  movementChart,
  precisionChart,
  timelineChart,
  topChart,
  typeChart,
} from './charts.ts';
import {
  DRAWING_STYLE_HASH,
  ENGINE_SCRIPT,
  ENGINE_SCRIPT_HASH,
  ENGINE_STYLE,
  ENGINE_STYLE_HASH,
} from './engine-page.ts';
import type { EngineReport, ReportedEngine } from './engine-report.ts';
import { engineTitle } from './engine-title.ts';
import {
  comparedSums,
  comparisonTable,
  convolutionTable,
  layerTable,
  tacticTableOf,
  typeTable,
} from './report-tables.ts';
import type { Cell, Column, ReportTable } from './report-tables.ts';
import { byteText, summaryTable } from './summary-table.ts';

/**
 * Report and drawings of engines as one HTML file that asks nothing of the network: its policy allows only its own style sheets and
 * scripts, by their hashes. Scripts sort and filter tables and scale the drawing; without them all is there. Everything that
 * comes from files is escaped. `engines` are those of the report, in its order.
 */
export function htmlReport(report: EngineReport, engines: readonly BuiltEngine[]): string {
  const title = `Engine report: ${report.engines.map(({ name }) => engineTitle(name)).join(', ')}`;
  const several = report.engines.length > 1;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${REPORT_STYLE_HASH}' '${ENGINE_STYLE_HASH}' '${DRAWING_STYLE_HASH}'; script-src '${REPORT_SCRIPT_HASH}' '${ENGINE_SCRIPT_HASH}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escapeMarkup(title)}</title>
<style>${REPORT_STYLE}</style>
<style>${ENGINE_STYLE}</style>
<style>${DRAWING_STYLE}</style>
</head>
<body>
<h1>${escapeMarkup(title)}</h1>
${several ? table(summaryTable(report.engines.map(({ figures }) => figures))) : ''}
${report.comparison ? comparisonPart(report.comparison) : ''}
${report.engines.map((engine, i) => enginePart(engine, engines[i], several)).join('\n')}
<script>${REPORT_SCRIPT}</script>
<script>${ENGINE_SCRIPT}</script>
</body>
</html>
`;
}

function enginePart(
  report: ReportedEngine,
  engine: BuiltEngine | undefined,
  folded: boolean,
): string {
  const { figures, layers, latency, convolutions, findings, remarks } = report;
  const body = [
    tiles(report),
    folded ? '' : table(summaryTable([figures])),
    remarks.length === 0
      ? ''
      : `<ul>${remarks.map(({ severity, message, advice }) => `<li class="${severity}">${escapeMarkup(message)} ${escapeMarkup(advice)}</li>`).join('')}</ul>`,
    `<h2>Where the time goes</h2>${legend(latency.byPrecision)}${typeChart(latency.byType)}`,
    figures.layerTimeUs === null
      ? '<p>No profile was given, so bars count layers. Give the profile that trtexec exports with --exportProfile to see times.</p>'
      : `<h2>Slowest layers</h2>${topChart(layers)}<h2>In the order of execution</h2>${timelineChart(layers)}`,
    findingsPart(findings),
    convolutions.convolutions.length === 0
      ? ''
      : `<h2>Efficiency of convolutions and products</h2>${efficiencyChart(convolutions.convolutions)}`,
    engine ? graphPart(engine) : '',
    table(layerTable(report), true),
    table(typeTable(report)),
    table(tacticTableOf(report)),
    convolutions.convolutions.length === 0 ? '' : table(convolutionTable(report)),
  ].join('\n');
  return folded
    ? `<details class="part"><summary>${escapeMarkup(engineTitle(report.name))}</summary>${body}</details>`
    : body;
}

/** The figures that people look for first. */
function tiles({ figures }: ReportedEngine): string {
  const { latency, layerTimeUs, low, lowShare, reformats, quantizers, layers, weightBytes } =
    figures;
  const share = low.timeShare ?? lowShare;
  const copies = (reformats.timeUs ?? 0) + (quantizers.timeUs ?? 0);
  const entries: readonly (readonly [string, string])[] = [
    ...(latency ? [['median latency', timeText(latency.computeMedianUs)] as const] : []),
    ...(layerTimeUs === null ? [] : [['sum over layers', timeText(layerTimeUs)] as const]),
    ...(share === null
      ? []
      : [
          [
            low.timeShare === null ? 'of computing layers in INT8' : 'of the time in INT8',
            percentText(share),
          ] as const,
        ]),
    ['layers', String(layers)],
    [
      'reformats and Q/DQ left',
      `${String(reformats.layers + quantizers.layers)}${layerTimeUs === null ? '' : ` · ${timeText(copies)}`}`,
    ],
    ['weights', byteText(weightBytes)],
  ];
  return `<div class="tiles">${entries.map(([name, value]) => `<div><b>${escapeMarkup(value)}</b><span>${escapeMarkup(name)}</span></div>`).join('')}</div>`;
}

const legend = (precisions: readonly PrecisionLatency[]): string =>
  `<p class="legend engine">${precisions
    .map(({ precision, timeShare, layers }) => {
      const part = timeShare === null ? counted(layers, 'layer') : percentText(timeShare);
      return `<span class="${precision}"><i></i>${precision === 'other' ? 'other' : precision.toUpperCase()} ${part}</span>`;
    })
    .join('')}</p>`;

function findingsPart(findings: readonly EngineFinding[]): string {
  if (findings.length === 0) return '<h2>Findings</h2><p>Nothing found.</p>';
  const groups = new Map<string, EngineFinding[]>();
  for (const finding of findings) {
    const key = `${finding.severity} ${finding.ruleId}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return `<h2>Findings</h2>${[...groups.values()].map(findingGroup).join('\n')}`;
}

function findingGroup(group: readonly EngineFinding[]): string {
  const [first] = group;
  if (!first) return '';
  const lost = group.reduce((sum, { lostUs }) => sum + (lostUs ?? 0), 0);
  const sources = first.docs
    .map(
      ({ title, url }) =>
        `<a href="${escapeMarkup(url)}" rel="noreferrer">${escapeMarkup(title)}</a>`,
    )
    .join(', ');
  const items = group.map(
    ({ message, advice }) =>
      `<li>${escapeMarkup(message)}${advice === first.advice ? '' : ` ${escapeMarkup(advice)}`}</li>`,
  );
  return `<details class="finding ${first.severity}"${first.severity === 'info' ? '' : ' open'}><summary><b>${escapeMarkup(first.title)}</b> <span>${first.severity}, ${counted(group.length, 'place')}${lost > 0 ? `, up to ${timeText(lost)}` : ''}</span></summary>
<p>${escapeMarkup(first.consequence)} <b>What to do:</b> ${escapeMarkup(first.advice)} Source: ${sources}.</p><ul>${items.join('')}</ul></details>`;
}

const graphPart = (engine: BuiltEngine): string =>
  `<h2>Graph</h2><p class="tools" hidden><button type="button" data-zoom="1.25">Larger</button> <button type="button" data-zoom="0.8">Smaller</button> <button type="button" data-zoom="fit">Fit width</button> <button type="button" data-heat>Precision or time</button></p>
<div class="graph" tabindex="0">${engineSvg(engine, { bare: true })}</div>`;

function comparisonPart(comparison: EngineComparison): string {
  const { engines, namesDiffer, unaligned } = comparison;
  const titles = engines.map(({ name }) => engineTitle(name));
  const first = titles[0] ?? '';
  const notes = titles.flatMap((name, i) => {
    const alone = unaligned[i];
    return [
      ...(namesDiffer[i]
        ? [
            `${name} shares hardly a node name with ${first}: its layers are aligned by type and shapes.`,
          ]
        : []),
      ...(alone && alone.layers > 0
        ? [
            `${counted(alone.layers, 'layer')} of ${name}${alone.timeUs === null ? '' : ` (${timeText(alone.timeUs)})`} could not be aligned.`,
          ]
        : []),
    ];
  });
  return [
    `<h2>Time of all layers by precision</h2>${legend(comparison.byPrecision.map(({ key, sides }) => ({ precision: key, ...sides[0]! })))}${precisionChart(comparison)}`,
    notes.length === 0
      ? ''
      : `<ul>${notes.map((note) => `<li>${escapeMarkup(note)}</li>`).join('')}</ul>`,
    ...engines.flatMap(({ layerTimeUs }, i) =>
      i === 0 || layerTimeUs === null
        ? []
        : [
            `<h2>${escapeMarkup(`Won and lost: ${titles[i] ?? ''} against ${first}`)}</h2>${movementChart(comparison, i)}`,
          ],
    ),
    table(comparisonTable(comparison), true),
    table(comparedSums(comparison)),
  ].join('\n');
}

const FILTER =
  '<p class="tools" hidden><label>Filter <input type="search" data-filter></label> <span></span></p>';

const table = ({ title, columns, rows }: ReportTable, filter = false): string =>
  `<section><h2>${escapeMarkup(title)}</h2>${filter ? FILTER : ''}
<div class="wide"><table>
<thead><tr>${columns.map((column) => `<th><button type="button">${escapeMarkup(column.title)}</button></th>`).join('')}</tr></thead>
<tbody>
${rows.map((row) => `<tr>${row.map((value, i) => cell(value, columns[i])).join('')}</tr>`).join('\n')}
</tbody></table></div></section>`;

/** Numbers are shown short and sorted by all of their digits. */
function cell(value: Cell, column: Column | undefined): string {
  if (typeof value !== 'number') return `<td>${escapeMarkup(value ?? '')}</td>`;
  return `<td class="number" data-value="${String(value)}">${shown(value, column?.unit)}</td>`;
}

function shown(value: number, unit: Column['unit']): string {
  switch (unit) {
    case 'us':
      return value.toFixed(2);
    case 'share':
      return percentText(value);
    case 'bytes':
      return byteText(value);
    case 'number':
    case undefined:
      return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
  }
}
