import type { TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { countText } from '../state/format-text.ts';
import type { History, HistoryEntry } from '../state/history.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { nodeLink } from './card-parts.ts';
import { labStyles } from './lab-styles.ts';
import { send } from './send.ts';

/** Changes shown at once. */
const SHOWN = 100;

/** What was done to the model, in order, each with the way back to it. */
@customElement('step-list')
export class StepList extends LitElement {
  static override styles = [
    baseStyles,
    labStyles,
    css`
      li {
        padding: 4px 0 4px 12px;
        border-left: 2px solid var(--line);
      }
      li[aria-current='true'] {
        border-left-color: var(--text);
      }
      li.undone {
        border-left-style: dashed;
      }
      li.undone .title {
        color: var(--muted);
      }
      .head {
        display: flex;
        align-items: baseline;
        gap: 8px;
      }
      .title {
        flex: 1;
        min-width: 0;
        overflow-wrap: anywhere;
      }
      details {
        margin-top: 2px;
        font-size: 12px;
      }
      details li {
        padding: 2px 0;
        border: 0;
      }
    `,
  ];

  @property({ attribute: false }) history: History | null = null;

  override render(): TemplateResult | string {
    const { history } = this;
    if (history === null || history.entries.length === 0) return '';
    return html`<section>
      <h3>Steps <span class="muted">${history.done} of ${history.entries.length}</span></h3>
      <ol>
        ${this.item('The model as it was opened', 0)}
        ${history.entries.map((entry, i) => this.item(entry.title, i + 1, entry))}
      </ol>
    </section>`;
  }

  private item(title: string, done: number, entry?: HistoryEntry): TemplateResult {
    const now = this.history?.done ?? 0;
    const undone = done > now;
    return html`<li class=${undone ? 'undone' : ''} aria-current=${done === now}>
      <div class="head">
        <span class="title">${title}${undone ? ' (taken back)' : ''}</span>
        ${
          done === now
            ? html`<span class="muted">shown</span>`
            : html`<button
                class="small"
                title=${undone ? 'Makes the changes again up to this one' : 'Takes back all that came after'}
                aria-label="${undone ? 'Redo to' : 'Go back to'}: ${title}"
                @click=${() => {
                  send(this, 'lab-goto', { done });
                }}
              >
                ${undone ? 'Redo' : 'Back to here'}
              </button>`
        }
      </div>
      ${entry === undefined ? '' : this.changes(entry)}
      ${entry === undefined || entry.notes.length === 0 ? '' : notes(entry.notes)}
    </li>`;
  }

  /** What passes did, then the edits of a search: an edit of the user's own is its title already. */
  private changes({ changes, steps, title }: HistoryEntry): TemplateResult | string {
    const searched = steps.flatMap((step) =>
      step.kind === 'edits' && step.text !== title ? [step.text] : [],
    );
    const count = changes.length + searched.length;
    if (count === 0) return '';
    return html`<details>
      <summary class="muted">${countText(count, 'change')}</summary>
      <ul>
        ${changes
          .slice(0, SHOWN)
          .map(
            ({ text, site, nodes }) =>
              html`<li>${text} <span>${nodeLink(this, nodes[0] ?? site)}</span></li>`,
          )}
        ${searched.slice(0, SHOWN).map((text) => html`<li>${text}</li>`)}
      </ul>
      ${
        changes.length > SHOWN
          ? html`<p class="muted">and ${changes.length - SHOWN} more of passes</p>`
          : ''
      }
    </details>`;
  }
}

const notes = (messages: HistoryEntry['notes']): TemplateResult =>
  html`<details>
    <summary>${countText(messages.length, 'remark')}</summary>
    <ul>
      ${messages.slice(0, SHOWN).map(({ message, advice }) => html`<li>${message} ${advice}</li>`)}
    </ul>
  </details>`;
