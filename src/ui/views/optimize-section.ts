import type { TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { OptimizeSummary } from '../../api/rewrite-api.ts';
import { countText } from '../state/format-text.ts';
import type { OptimizeProposal, OptimizeWish } from '../state/lab-state.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { nodeLink } from './card-parts.ts';
import { gainStyles, gainTable } from './gain-table.ts';
import { labStyles } from './lab-styles.ts';
import { numericsBadge, numericsStyles } from './numerics-badge.ts';
import { send } from './send.ts';

/** Changes shown at once. */
const SHOWN = 100;
const BUDGETS: readonly (readonly [number, string])[] = [
  [200, 'quick'],
  [1000, 'usual'],
  [3000, 'thorough'],
];

/** Starts an optimization, and shows what it found until that is accepted or discarded. */
@customElement('optimize-section')
export class OptimizeSection extends LitElement {
  static override styles = [
    baseStyles,
    labStyles,
    gainStyles,
    numericsStyles,
    css`
      .report li {
        padding: 5px 0;
        border-top: 1px solid var(--line);
        font-size: 12px;
        overflow-wrap: anywhere;
      }
      .report {
        max-height: 45vh;
        margin: 6px 0;
        overflow: auto;
      }
      .decide {
        margin-top: 8px;
      }
      select {
        min-height: 24px;
      }
    `,
  ];

  @property({ attribute: false }) wish!: OptimizeWish;
  @property({ attribute: false }) proposal: OptimizeProposal | null = null;
  /** True while a change is under way. */
  @property({ type: Boolean }) busy = false;

  override render(): TemplateResult {
    const { proposal } = this;
    return html`<section id="optimize">
      <h3>Optimize</h3>
      <p class="muted">
        Runs the passes, keeps what the predicted engine is better with, and searches for more.
      </p>
      <div class="row">
        <button
          class=${proposal === null ? 'main' : ''}
          id="start"
          ?disabled=${this.busy}
          @click=${() => {
            send(this, 'lab-optimize', {});
          }}
        >
          ${proposal === null ? 'Optimize' : 'Optimize again'}
        </button>
        ${this.options()}
      </div>
      ${proposal === null ? '' : this.report(proposal.summary)}
    </section>`;
  }

  private options(): TemplateResult {
    const { search, budget } = this.wish;
    return html`<label
        ><input
          type="checkbox"
          .checked=${search}
          @change=${(event: Event) => {
            const { checked } = event.target as HTMLInputElement;
            send(this, 'lab-wish', { ...this.wish, search: checked });
          }}
        />search</label
      >
      <select
        aria-label="Budget"
        title="How many engines may be predicted"
        ?disabled=${!search}
        @change=${(event: Event) => {
          const { value } = event.target as HTMLSelectElement;
          send(this, 'lab-wish', { ...this.wish, budget: Number(value) });
        }}
      >
        ${BUDGETS.map(
          ([count, word]) =>
            html`<option value=${count} .selected=${count === budget}>
              ${word} (${count.toLocaleString('en')})
            </option>`,
        )}
      </select>`;
  }

  private report(summary: OptimizeSummary): TemplateResult {
    const { changes, leftOut, simulations, budgetSpent } = summary;
    const spent = budgetSpent ? ', which is all that the budget allowed' : '';
    const cost = `${countText(simulations, 'engine')} predicted${spent}.`;
    if (changes.length === 0)
      return html`<p role="status">
          Nothing was found that makes the predicted engine better. ${cost}
        </p>
        ${this.leftOut(leftOut)}
        <button @click=${() => this.discard()}>Close</button>`;
    return html`<div role="status">
        ${gainTable(summary, ['now', 'then'])}
        <p class="muted">${countText(changes.length, 'change')}. ${cost}</p>
      </div>
      <div class="row decide">
        <button
          class="main"
          id="accept"
          ?disabled=${this.busy}
          @click=${() => {
            send(this, 'lab-accept', {});
          }}
        >
          Accept
        </button>
        <button @click=${() => this.discard()}>Discard</button>
      </div>
      <ol class="report" aria-label="Changes found" tabindex="0">
        ${changes.slice(0, SHOWN).map(
          ({ text, reason, nodes, numerics }) =>
            html`<li>
              ${numericsBadge(numerics)} ${text}.
              <div class="muted">${reason}.</div>
              ${nodes.slice(0, 3).map((name) => html`<div>${nodeLink(this, name)}</div>`)}
            </li>`,
        )}
        ${changes.length > SHOWN ? html`<li class="muted">and ${changes.length - SHOWN} more</li>` : ''}
      </ol>
      ${this.leftOut(leftOut)}`;
  }

  private leftOut(places: OptimizeSummary['leftOut']): TemplateResult | string {
    if (places.length === 0) return '';
    return html`<details>
      <summary class="muted">
        ${countText(places.length, 'place')} left alone: the engine is no better with them
      </summary>
      <ul>
        ${places
          .slice(0, SHOWN)
          .map(({ text, site }) => html`<li>${text} <span>${nodeLink(this, site)}</span></li>`)}
      </ul>
    </details>`;
  }

  private discard(): void {
    send(this, 'lab-discard', {});
  }
}
