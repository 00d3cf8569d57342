import type { TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Selection } from '../state/app-state.ts';
import type { Finding } from '../state/findings.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { send } from './send.ts';

/** What to look at in this engine, most important first. */
@customElement('findings-list')
export class FindingsList extends LitElement {
  static override styles = [
    baseStyles,
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
      button {
        display: block;
        width: 100%;
        padding: 8px 12px;
        border: 0;
        border-bottom: 1px solid var(--line);
        border-radius: 0;
        text-align: left;
        white-space: normal;
        background: none;
      }
      button[aria-current='true'] {
        background: var(--accent-soft);
        box-shadow: inset 2px 0 0 var(--accent);
      }
      :focus-visible {
        outline-offset: -2px;
      }
      strong {
        font-weight: 600;
      }
      button > span {
        display: block;
        margin-top: 2px;
        font-size: 12px;
      }
      p {
        margin: 0;
        padding: 12px;
      }
    `,
  ];

  @property({ attribute: false }) findings: readonly Finding[] = [];
  @property({ attribute: false }) selection: Selection | null = null;

  override render(): TemplateResult {
    if (this.findings.length === 0)
      return html`<p class="muted">
        Nothing stands out: every layer runs in INT8 and no tensor is copied.
      </p>`;
    return html`<ol>
      ${this.findings.map(({ id, title, text, nodes }) => {
        const chosen = this.selection?.kind === 'finding' && this.selection.name === id;
        return html`<li>
          <button
            aria-current=${chosen}
            @click=${() => {
              send(this, 'lab-select', { selection: { kind: 'finding', name: id, nodes } });
            }}
          >
            <strong>${title}</strong><span class="muted">${text}</span>
          </button>
        </li>`;
      })}
    </ol>`;
  }
}
