import type { TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Change, Explanation, RuleInfo } from '../../api/analyze-api.ts';
import { countText } from '../state/format-text.ts';
import type { Loadable } from '../state/loadable.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { cardStyles } from './card-styles.ts';
import { distinctNotes, nodeLink, ruleNote } from './card-parts.ts';
import './change-section.ts';
import './problem-card.ts';

/** Why a node is where it is: the reason that decided, the builder's steps, and what would change it. */
@customElement('why-section')
export class WhySection extends LitElement {
  static override styles = [
    baseStyles,
    cardStyles,
    css`
      :host {
        padding: 0;
      }
      #reason > p {
        font-weight: 600;
      }
      #reason .nodes {
        margin-left: 0;
      }
    `,
  ];

  @property({ attribute: false }) why: Loadable<Explanation> = { state: 'idle' };
  @property({ attribute: false }) change: Loadable<Change | null> = { state: 'idle' };
  /** What the search is at. */
  @property() changeStep = '';
  @property({ attribute: false }) rules: ReadonlyMap<string, RuleInfo> = new Map();
  /** Shows the builder's steps; a layer's card has them already. */
  @property({ type: Boolean }) steps = false;

  override render(): TemplateResult | string {
    const { why } = this;
    if (why.state === 'idle') return '';
    if (why.state === 'failed') return html`<problem-card .diagnostic=${why.error}></problem-card>`;
    return html`<section id="reason">
        <h3>Why</h3>
        ${
          why.state === 'loading'
            ? html`<p class="muted">Following the builder…</p>`
            : this.reason(why.value)
        }
      </section>
      <change-section .change=${this.change} .step=${this.changeStep}></change-section>
      ${why.state === 'ready' && this.steps ? this.chain(why.value) : ''}`;
  }

  private reason({ reason, node }: Explanation): TemplateResult {
    const rule = reason.ruleId === undefined ? undefined : this.rules.get(reason.ruleId);
    const others = reason.nodes.filter((name) => name !== node);
    return html`<p>${sentence(reason.text)}</p>
      ${
        others.length === 0
          ? ''
          : html`<div class="nodes">
              ${others.map((name) => html`<div>${nodeLink(this, name)}</div>`)}
            </div>`
      }
      ${
        rule === undefined
          ? ''
          : html`<details>
              <summary class="mono">${rule.id}</summary>
              <p>${rule.summary}.</p>
              ${rule.docs.map(
                ({ title, url, says }) =>
                  html`<p>
                    <a href=${url} target="_blank" rel="noreferrer">${title}</a>: ${says}
                  </p>`,
              )}
            </details>`
      }`;
  }

  private chain({ events }: Explanation): TemplateResult | string {
    const notes = distinctNotes(events);
    if (notes.length === 0) return '';
    const refused = notes.filter(({ outcome }) => outcome === 'refused').length;
    return html`<section id="steps">
      <h3>
        ${countText(notes.length, 'step')} of the
        builder${refused === 0 ? '' : `, ${String(refused)} refused`}
      </h3>
      ${notes.map((note) => ruleNote(this, note, this.rules))}
    </section>`;
  }
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
