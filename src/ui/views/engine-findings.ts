import type { TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { EngineFinding } from '../../api/engine-api.ts';
import type { Selection } from '../state/app-state.ts';
import { builtSelection } from '../state/built-words.ts';
import type { OpenedEngine } from '../state/engine-state.ts';
import { timeText } from '../state/time-heat.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { severityMark, severityStyles } from '../widgets/severity-mark.ts';
import { send } from './send.ts';

/** What the linter found in the engine on show; each finding leads to its layer. */
@customElement('engine-findings')
export class EngineFindings extends LitElement {
  static override styles = [
    baseStyles,
    severityStyles,
    css`
      :host {
        display: block;
        overflow: auto;
      }
      ol {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        padding: 6px 12px;
        border-bottom: 1px solid var(--line);
      }
      li.current {
        background: var(--accent-soft);
        box-shadow: inset 2px 0 0 var(--accent);
      }
      .head {
        display: flex;
        align-items: baseline;
        gap: 8px;
      }
      .lost {
        flex: none;
        margin-left: auto;
        font-size: 12px;
        font-variant-numeric: tabular-nums;
      }
      p {
        margin: 2px 0 0;
        overflow-wrap: anywhere;
      }
      details {
        font-size: 12px;
      }
      .empty {
        padding: 12px;
      }
    `,
  ];

  @property({ attribute: false }) shown!: OpenedEngine;
  @property({ attribute: false }) selection: Selection | null = null;

  override render(): TemplateResult {
    const { findings } = this.shown.analysis;
    if (findings.length === 0)
      return html`<p class="empty muted">
        Nothing found: no copy, no quantizer and no float layer that this engine could do without.
      </p>`;
    return html`<ol>
      ${findings.map((finding) => this.item(finding))}
    </ol>`;
  }

  private item(finding: EngineFinding): TemplateResult {
    const { layers, severity, message, consequence, advice, lostUs, docs, title } = finding;
    const index = layers[0]?.index;
    const current = this.selection?.kind === 'built' && this.selection.name === String(index);
    return html`<li class=${current ? 'current' : ''}>
      <div class="head">
        ${severityMark(severity)}
        <button
          class="link"
          aria-current=${current}
          title=${title}
          @click=${() => {
            send(this, 'lab-select', { selection: builtSelection(this.shown.engine, index) });
          }}
        >
          ${message}
        </button>
        ${
          lostUs === null
            ? ''
            : html`<span class="lost muted" title="What the cure can give back at most"
                >${timeText(lostUs)}</span
              >`
        }
      </div>
      <p class="muted">${consequence} ${advice}</p>
      ${
        docs.length === 0
          ? ''
          : html`<details>
              <summary class="muted">Sources</summary>
              ${docs.map(
                ({ title: page, url, says }) =>
                  html`<p><a href=${url} target="_blank" rel="noreferrer">${page}</a>: ${says}</p>`,
              )}
            </details>`
      }
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'engine-findings': EngineFindings;
  }
}
