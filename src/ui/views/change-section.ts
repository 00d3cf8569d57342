import type { TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Change } from '../../api/analyze-api.ts';
import type { Loadable } from '../state/loadable.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { cardStyles } from './card-styles.ts';
import { gainStyles, gainTable } from './gain-table.ts';
import './problem-card.ts';
import { send } from './send.ts';

/** The smallest change of the Q/DQ that helps: searched on demand, told in words and in what the engine gains. */
@customElement('change-section')
export class ChangeSection extends LitElement {
  static override styles = [
    baseStyles,
    cardStyles,
    gainStyles,
    css`
      :host {
        padding: 0;
      }
      ol {
        margin: 0 0 6px;
        padding-left: 20px;
      }
      ol li {
        overflow-wrap: anywhere;
      }
      .apply {
        margin-top: 8px;
      }
    `,
  ];

  @property({ attribute: false }) change: Loadable<Change | null> = { state: 'idle' };
  /** What the search is at. */
  @property() step = '';

  override render(): TemplateResult {
    return html`<section id="change">
      <h3>Smallest change</h3>
      ${this.content()}
    </section>`;
  }

  private content(): TemplateResult {
    const { change } = this;
    switch (change.state) {
      case 'idle':
        return html`<button
            @click=${() => {
              send(this, 'lab-search-change', {});
            }}
          >
            Search
          </button>
          <span class="muted">tries edits of the Q/DQ around it</span>`;
      case 'loading':
        return html`<p role="status">${this.step}…</p>
          <button
            @click=${() => {
              send(this, 'lab-stop-search', {});
            }}
          >
            Cancel
          </button>`;
      case 'failed':
        return html`<problem-card .diagnostic=${change.error}></problem-card>`;
      case 'ready':
        return change.value === null
          ? html`<p class="muted">No edit of the Q/DQ around it was found that helps.</p>`
          : html`${found(change.value)} ${this.applyButton(change.value)}`;
    }
  }

  private applyButton({ edits, descriptions }: Change): TemplateResult {
    const text = descriptions.join('; ');
    return html`<button
      class="apply"
      title="Makes this change on the model; it can be taken back"
      @click=${() => {
        const step = { kind: 'edits', source: 'search', text, edits } as const;
        send(this, 'lab-apply', { steps: [step], title: text });
      }}
    >
      Apply this change
    </button>`;
  }
}

function found(change: Change): TemplateResult {
  const { descriptions, reaches, numbers } = change;
  return html`<ol>
      ${descriptions.map((text) => html`<li>${text}</li>`)}
    </ol>
    <p>
      ${
        reaches === 'int8'
          ? 'Then it runs in INT8, in and out.'
          : 'It stays as it is, but the engine moves less data.'
      }
      ${
        numbers === 'function'
          ? 'This changes what the network computes: it must be trained or checked again.'
          : 'Values are rounded at other places; the network stays the same.'
      }
    </p>
    ${gainTable(change, ['now', 'then'])}`;
}
