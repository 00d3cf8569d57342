import { histogramPicture, scatterPicture } from './detail-pictures.ts';
import {
  REPORT_SCRIPT,
  REPORT_SCRIPT_HASH,
  REPORT_STYLE,
  REPORT_STYLE_HASH,
} from '../base/report-page.ts';
import { engineSummary } from './report-engine.ts';
import { reportTables } from './report-table.ts';
import type { Cell, ReportTable } from './report-table.ts';
import type { TensorDetail, ValidationReport, VerdictStatus } from './validation-report.ts';

const STATUS: Readonly<Record<VerdictStatus, string>> = {
  exact: 'Exact: all outputs are equal to the bit',
  within: 'Within what was promised and asked',
  measured: 'Measured: nothing was promised or asked',
  failed: 'Failed',
};

/**
 * A report as one HTML file that asks nothing of the network: its policy allows only its own style sheet and script, by their
 * hashes. The script sorts tables; without it, as inside a page with a stricter policy, all is there in its first order.
 * Everything that comes from a model is escaped.
 */
export function htmlReport(report: ValidationReport): string {
  const { before, after, inputs, verdict, equivalence, float, engine } = report;
  const title = `Validation: ${before === after ? after : `${before} → ${after}`}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${REPORT_STYLE_HASH}'; script-src '${REPORT_SCRIPT_HASH}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<p>Inputs: ${escaped(inputs)}${batches(report)}</p>
<p class="verdict ${verdict.status}">${STATUS[verdict.status]}</p>
${findings(report)}
${equivalence?.firstApart === undefined ? '' : `<p>First tensor apart: <code>${escaped(equivalence.firstApart)}</code></p>`}
${engine ? `<p>${escaped(engineSummary(engine))}</p>` : ''}${unfollowed(report)}
${reportTables(report).map(table).join('\n')}
${pictures('Tensors before and after', equivalence?.details ?? [])}
${pictures('Tensors in float and quantized', float?.details ?? [])}
${pictures('Tensors as written and in the engine', engine?.details ?? [])}
<script>${REPORT_SCRIPT}</script>
</body>
</html>
`;
}

/** Text for any place in HTML, attributes in quotes included. */
const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

function batches({ equivalence, float, engine }: ValidationReport): string {
  const { batches: count } = equivalence ?? float ?? engine ?? {};
  return count === undefined ? '' : `; batches: ${String(count)}`;
}

const findings = ({ verdict }: ValidationReport): string =>
  verdict.findings.length === 0
    ? ''
    : `<ul>${verdict.findings
        .map(
          ({ severity, message, advice }) =>
            `<li class="${severity}">${escaped(message)} ${escaped(advice)}</li>`,
        )
        .join('')}</ul>`;

const unfollowed = ({ engineProblem }: ValidationReport): string =>
  engineProblem === undefined
    ? ''
    : `<p class="error">The engine could not be followed: ${escaped(engineProblem.message)} ${escaped(engineProblem.advice)}</p>`;

const table = ({ title, columns, rows }: ReportTable): string =>
  `<h2>${escaped(title)}</h2>
<div class="wide"><table>
<thead><tr>${columns.map((column) => `<th><button type="button">${escaped(column)}</button></th>`).join('')}</tr></thead>
<tbody>
${rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`).join('\n')}
</tbody></table></div>`;

/** Numbers are shown with four digits and sorted by all of them. */
function cell(value: Cell): string {
  if (typeof value !== 'number') return `<td>${escaped(value ?? '')}</td>`;
  return `<td class="number" data-value="${String(value)}">${shown(value)}</td>`;
}

const shown = (value: number): string =>
  Number.isFinite(value)
    ? String(Number.isInteger(value) ? value : Number(value.toPrecision(4)))
    : value > 0
      ? '∞'
      : value < 0
        ? '−∞'
        : 'NaN';

const pictures = (title: string, details: readonly TensorDetail[]): string =>
  details.length === 0
    ? ''
    : `<h2>${escaped(title)}</h2>\n${details
        .map(
          (detail) =>
            `<figure><figcaption><code>${escaped(detail.tensor)}</code></figcaption>${histogramPicture(detail)}${scatterPicture(detail)}</figure>`,
        )
        .join('\n')}`;
