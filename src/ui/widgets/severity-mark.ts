import type { TemplateResult } from 'lit';
import { css, html } from 'lit';

export type MarkedSeverity = 'error' | 'warning' | 'info';

/** Styles of `severityMark`; an element that draws marks takes them into its own. */
export const severityStyles = css`
  .severity {
    flex: none;
    font-size: 12px;
    font-weight: 600;
    white-space: nowrap;
  }
  .severity.error {
    color: var(--bad-text);
  }
  .severity > span {
    display: inline-block;
    width: 14px;
    text-align: center;
  }
`;

const SHAPES: Readonly<Record<MarkedSeverity, readonly [shape: string, word: string]>> = {
  error: ['✕', 'Refused'],
  warning: ['▲', 'Costs time'],
  info: ['○', 'Note'],
};

/** Shape and word of a severity: the colour only repeats them. */
export const severityMark = (severity: MarkedSeverity): TemplateResult =>
  html`<span class="severity ${severity}"
    ><span aria-hidden="true">${SHAPES[severity][0]}</span> ${SHAPES[severity][1]}</span
  >`;
