import type { TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Selection } from '../state/app-state.ts';
import type { FindingGroup, FindingList, FindingView } from '../state/findings.ts';
import { countText } from '../state/format-text.ts';
import type { Loadable } from '../state/loadable.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { severityMark } from '../widgets/severity-mark.ts';
import { findingStyles, selectFinding, sourcesOf } from './finding-parts.ts';
import './problem-card.ts';

/** Places of one kind shown before the rest is asked for. */
const SHOWN = 6;

/** All findings, by kind: what TensorRT refuses first, then what costs most. */
@customElement('findings-list')
export class FindingsList extends LitElement {
  static override styles = [
    baseStyles,
    ...findingStyles,
    css`
      :host {
        display: block;
        overflow: auto;
      }
      section {
        border-bottom: 1px solid var(--line);
      }
      h3 {
        margin: 0;
        font-size: 13px;
        font-weight: 600;
      }
      button.row {
        display: flex;
        flex-wrap: wrap;
        gap: 0 8px;
        width: 100%;
        padding: 6px 12px;
        border: 0;
        border-radius: 0;
        text-align: left;
        white-space: normal;
        background: none;
      }
      li button.row {
        padding-left: 40px;
        font-size: 12px;
      }
      button.row[aria-current='true'] {
        background: var(--accent-soft);
        box-shadow: inset 2px 0 0 var(--accent);
      }
      .row > span {
        overflow-wrap: anywhere;
      }
      .fix {
        flex-basis: 100%;
      }
      .about {
        padding: 0 12px 6px 40px;
        font-size: 12px;
      }
      .about p {
        margin: 2px 0;
      }
      .about summary {
        cursor: pointer;
        color: var(--muted);
      }
      ul {
        margin: 0;
        padding: 0 0 4px;
        list-style: none;
      }
      .more {
        margin: 4px 12px 4px 40px;
        font-size: 12px;
      }
      :focus-visible {
        outline-offset: -2px;
      }
      .state {
        margin: 0;
        padding: 12px;
      }
    `,
  ];

  @property({ attribute: false }) findings: Loadable<FindingList> = { state: 'idle' };
  @property({ attribute: false }) selection: Selection | null = null;
  /** Groups that show all of their places. */
  @state() private open: ReadonlySet<string> = new Set();

  override render(): TemplateResult {
    const { findings } = this;
    if (findings.state === 'failed')
      return html`<problem-card .diagnostic=${findings.error}></problem-card>`;
    if (findings.state !== 'ready')
      return html`<p class="state muted">Looking for what could be better…</p>`;
    if (findings.value.groups.length === 0)
      return html`<p class="state muted">
        Nothing found: TensorRT takes the model, and no known Q/DQ pattern costs time in it.
      </p>`;
    return html`${findings.value.groups.map((group) => this.group(group))}`;
  }

  private group(group: FindingGroup): TemplateResult {
    const { findings, title, severity, id } = group;
    const shown = this.open.has(id) ? findings : findings.slice(0, SHOWN);
    return html`<section data-severity=${severity}>
      <h3>
        ${this.row(
          group,
          html`${severityMark(severity)} <span>${title}</span>
            <span class="muted number">${countText(findings.length, 'place')}</span>`,
        )}
      </h3>
      <div class="about">
        <p>${findings[0]?.consequence}</p>
        <details>
          <summary>Source</summary>
          ${sourcesOf(group)}
        </details>
      </div>
      <ul>
        ${shown.map((finding) => html`<li>${this.row(finding, placeText(finding))}</li>`)}
      </ul>
      ${
        shown.length < findings.length
          ? html`<button class="more" @click=${() => (this.open = new Set([...this.open, id]))}>
              Show ${findings.length - shown.length} more
            </button>`
          : ''
      }
    </section>`;
  }

  private row(item: FindingView | FindingGroup, content: TemplateResult): TemplateResult {
    const chosen = this.selection?.kind === 'finding' && this.selection.name === item.id;
    return html`<button
      class="row"
      aria-current=${chosen}
      @click=${() => selectFinding(this, item)}
    >
      ${content}
    </button>`;
  }
}

const placeText = ({ message, fix, advice }: FindingView): TemplateResult =>
  html`<span>${message}</span><span class="fix muted">${fix?.description ?? advice}</span>`;
