import type { TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { EditOption } from '../../api/rewrite-api.ts';
import { optionFor, optionLabel, scaleWords } from '../state/edit-words.ts';
import type { Loadable } from '../state/loadable.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { cardStyles } from './card-styles.ts';
import { send } from './send.ts';

/** The edits of Q/DQ that the selected node, quantizer or constant offers. Nothing where it offers none. */
@customElement('edit-section')
export class EditSection extends LitElement {
  static override styles = [
    baseStyles,
    cardStyles,
    css`
      :host {
        padding: 0;
      }
      button {
        max-width: 100%;
        min-height: 26px;
        padding: 2px 10px;
        text-align: left;
        white-space: normal;
        overflow-wrap: anywhere;
      }
      .about {
        padding-left: 2px;
        font-size: 12px;
      }
      kbd {
        margin-left: 6px;
        padding: 0 4px;
        border: 1px solid var(--line-strong);
        border-radius: 3px;
        font: 11px/15px var(--mono);
      }
    `,
  ];

  @property({ attribute: false }) options: Loadable<readonly EditOption[]> = { state: 'idle' };
  /** True while a change is under way. */
  @property({ type: Boolean }) busy = false;

  override render(): TemplateResult | string {
    const { options } = this;
    if (options.state !== 'ready' || options.value.length === 0) return '';
    const keys = new Map([
      [optionFor(options.value, 'add'), 'a'],
      [optionFor(options.value, 'remove'), 'd'],
    ]);
    return html`<section id="edits">
      <h3>Change Q/DQ</h3>
      <ul>
        ${options.value.map((option) => this.option(option, keys.get(option)))}
      </ul>
    </section>`;
  }

  private option(option: EditOption, key: string | undefined): TemplateResult {
    const words = [
      option.role === 'share' || option.role === 'move' ? '' : option.about,
      scaleWords(option),
    ];
    return html`<li>
      <button
        ?disabled=${this.busy}
        data-role=${option.role}
        @click=${() => {
          send(this, 'lab-choose', { option });
        }}
      >
        ${optionLabel(option)}${key === undefined ? '' : html`<kbd>${key}</kbd>`}
      </button>
      <div class="about muted">${words.filter((word) => word !== '').join(' · ')}</div>
    </li>`;
  }
}
