import type { TemplateResult } from 'lit';
import { css, html } from 'lit';
import type { GainRow } from '../state/change-gain.ts';
import { gainOf } from '../state/change-gain.ts';

/** The styles of `gainTable`. */
export const gainStyles = css`
  table.gain {
    width: 100%;
    margin-top: 6px;
    border-collapse: collapse;
    font-variant-numeric: tabular-nums;
  }
  .gain th {
    font-size: 12px;
    font-weight: 400;
    color: var(--muted);
    text-align: right;
  }
  .gain th:first-child {
    text-align: left;
  }
  .gain td {
    text-align: right;
  }
  .gain td.better {
    font-weight: 600;
  }
  .gain td.worse {
    color: var(--bad-text);
  }
`;

/** The figures of an engine before and after, with their differences. `columns` heads the two. */
export const gainTable = (
  scores: Parameters<typeof gainOf>[0],
  columns: readonly [string, string],
): TemplateResult =>
  html`<table class="gain">
    <thead>
      <tr>
        <th scope="col">Engine</th>
        <th scope="col">${columns[0]}</th>
        <th scope="col">${columns[1]}</th>
        <th scope="col" aria-label="Difference"></th>
      </tr>
    </thead>
    <tbody>
      ${gainOf(scores).map(gainRow)}
    </tbody>
  </table>`;

const gainRow = ({ name, before, after, delta, better }: GainRow): TemplateResult =>
  html`<tr>
    <th scope="row">${name}</th>
    <td>${before}</td>
    <td>${after}</td>
    <td class=${better ? 'better' : delta === '=' ? 'muted' : 'worse'}>${delta}</td>
  </tr>`;
