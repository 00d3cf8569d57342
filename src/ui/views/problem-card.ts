import type { TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Diagnostic, Place } from '../../core/base/diagnostic.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { send } from './send.ts';

/** One diagnostic: what is wrong, where, and what to do next. */
@customElement('problem-card')
export class ProblemCard extends LitElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
        padding: 12px 16px;
        border: 1px solid var(--line-strong);
        border-left: 4px solid var(--bad);
        border-radius: 4px;
        background: var(--raised);
        box-shadow: var(--shadow);
      }
      :host([severity='warning']) {
        border-left-color: var(--warn);
        box-shadow: none;
      }
      :host([severity='info']) {
        border-left-color: var(--line-strong);
        box-shadow: none;
      }
      p {
        margin: 0 0 4px;
        overflow-wrap: anywhere;
      }
      .message {
        font-weight: 600;
      }
      dl {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 2px 12px;
        margin: 8px 0;
        font-size: 12px;
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
      }
      footer {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 12px;
        margin-top: 8px;
        font-size: 12px;
      }
    `,
  ];

  @property({ attribute: false }) diagnostic: Diagnostic | null = null;
  /** Said under the advice: what is still on show. */
  @property() kept = '';
  @property({ type: Boolean }) dismissable = false;

  protected override updated(): void {
    const severity = this.diagnostic?.severity ?? 'error';
    this.setAttribute('severity', severity);
    this.setAttribute('role', severity === 'error' ? 'alert' : 'note');
  }

  override render(): TemplateResult | string {
    if (this.diagnostic === null) return '';
    const { message, advice, place, code, url } = this.diagnostic;
    return html`<p class="message">${message}</p>
      <p class="advice">${advice}</p>
      ${this.kept === '' ? '' : html`<p class="muted">${this.kept}</p>`} ${placeList(place)}
      <footer>
        <span class="mono muted"
          >${code}${
            url === undefined
              ? ''
              : html` · <a href=${url} target="_blank" rel="noreferrer">more</a>`
          }</span
        >
        ${
          this.dismissable
            ? html`<button
                @click=${() => {
                  send(this, 'lab-dismiss', {});
                }}
              >
                Close
              </button>`
            : ''
        }
      </footer>`;
  }
}

const PLACE_WORDS: readonly (readonly [keyof Place, string])[] = [
  ['file', 'File'],
  ['offset', 'At byte'],
  ['node', 'Node'],
  ['value', 'Value'],
  ['attribute', 'Attribute'],
];

function placeList(place: Place | undefined): TemplateResult | string {
  const known = PLACE_WORDS.filter(([key]) => place?.[key] !== undefined);
  if (known.length === 0) return '';
  return html`<dl class="place">
    ${known.map(
      ([key, word]) =>
        html`<dt class="muted">${word}</dt>
          <dd class="mono">${place?.[key]}</dd>`,
    )}
  </dl>`;
}
