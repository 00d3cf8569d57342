import type { TemplateResult } from 'lit';
import { css, html } from 'lit';
import type { FindingGroup, FindingView } from '../state/findings.ts';
import { severityMark, severityStyles } from '../widgets/severity-mark.ts';
import { EVIDENCE_WORDS } from './card-parts.ts';
import { send } from './send.ts';

/** What elements that list findings share. */
export const findingStyles = [
  severityStyles,
  css`
    .finding + .finding {
      margin-top: 8px;
    }
    .finding p {
      margin: 2px 0 0;
      overflow-wrap: anywhere;
    }
  `,
];

/** Selects a finding, or all of a group. */
export function selectFinding(from: EventTarget, { id, nodes }: FindingView | FindingGroup): void {
  send(from, 'lab-select', { selection: { kind: 'finding', name: id, nodes } });
}

/** `An INT8 convolution adds a shortcut in float, at 8 places`; what a single one says is said whole. */
export const groupText = ({ title, findings }: FindingGroup): string =>
  findings.length === 1
    ? (findings[0]?.message ?? title)
    : `${title}, at ${String(findings.length)} places`;

/** The section of a card that lists the findings about it; nothing where there is none. */
export const findingsSection = (
  from: EventTarget,
  findings: readonly FindingView[],
): TemplateResult | string =>
  findings.length === 0
    ? ''
    : html`<section id="findings">
        <h3>Findings</h3>
        ${findings.map(
          (finding) =>
            html`<div class="finding">
              ${severityMark(finding.severity)}
              <button class="link" @click=${() => selectFinding(from, finding)}>
                ${finding.message}
              </button>
              ${finding.fix ? html`<p class="muted">${finding.fix.description}</p>` : ''}
            </div>`,
        )}
      </section>`;

/** Where it is written: title, address, what it says, and how we know. */
export const sourcesOf = ({
  docs,
  evidence,
}: Pick<FindingView, 'docs' | 'evidence'>): TemplateResult =>
  html`${docs.map(
    ({ title, url, says }) =>
      html`<p><a href=${url} target="_blank" rel="noreferrer">${title}</a>: ${says}</p>`,
  )}
  ${evidence === undefined ? '' : html`<p class="muted">${EVIDENCE_WORDS[evidence]}</p>`}`;
