import type { TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Change } from '../../api/analyze-api.ts';
import type { GainRow } from '../state/change-gain.ts';
import { gainOf } from '../state/change-gain.ts';
import type { Loadable } from '../state/loadable.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { cardStyles } from './card-styles.ts';
import './problem-card.ts';
import { send } from './send.ts';

/** The smallest change of the Q/DQ that helps: searched on demand, told in words and in what the engine gains. */
@customElement('change-section')
export class ChangeSection extends LitElement {
  static override styles = [
    baseStyles,
    cardStyles,
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
      table {
        width: 100%;
        margin-top: 6px;
        border-collapse: collapse;
        font-variant-numeric: tabular-nums;
      }
      th {
        font-size: 12px;
        font-weight: 400;
        color: var(--muted);
        text-align: right;
      }
      th:first-child {
        text-align: left;
      }
      td {
        text-align: right;
      }
      td.better {
        font-weight: 600;
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
          : found(change.value);
    }
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
    <table>
      <thead>
        <tr>
          <th scope="col">Engine</th>
          <th scope="col">now</th>
          <th scope="col">then</th>
          <th scope="col"></th>
        </tr>
      </thead>
      <tbody>
        ${gainOf(change).map(gainRow)}
      </tbody>
    </table>`;
}

const gainRow = ({ name, before, after, delta, better }: GainRow): TemplateResult =>
  html`<tr>
    <th scope="row">${name}</th>
    <td>${before}</td>
    <td>${after}</td>
    <td class=${better ? 'better' : 'muted'}>${delta}</td>
  </tr>`;
