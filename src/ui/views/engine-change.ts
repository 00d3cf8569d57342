import type { TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { EngineComparison, EngineDifference } from '../../api/rewrite-api.ts';
import type { Selection } from '../state/app-state.ts';
import { countText, sizeText } from '../state/format-text.ts';
import type { Loadable } from '../state/loadable.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { gainStyles, gainTable } from './gain-table.ts';
import { labStyles } from './lab-styles.ts';
import './problem-card.ts';
import { send } from './send.ts';

/** Differences shown at once. */
const SHOWN = 100;
const KIND_WORDS: Readonly<Record<EngineDifference['kind'], string>> = {
  split: 'split',
  merged: 'fused',
  regrouped: 'regrouped',
  precision: 'type',
  'reformat-gained': 'reformat +',
  'reformat-lost': 'reformat −',
  'qdq-gained': 'Q/DQ +',
  'qdq-lost': 'Q/DQ −',
  'layer-gained': 'layer +',
  'layer-lost': 'layer −',
};

/** The predicted engine before all changes and now: figures, and what differs. */
@customElement('engine-change')
export class EngineChange extends LitElement {
  static override styles = [
    baseStyles,
    labStyles,
    gainStyles,
    css`
      ol {
        max-height: 40vh;
        margin-top: 6px;
        overflow: auto;
      }
      li button {
        display: grid;
        grid-template-columns: 68px minmax(0, 1fr);
        gap: 8px;
        width: 100%;
        padding: 3px 4px;
        border: 0;
        border-radius: 0;
        font-size: 12px;
        text-align: left;
        white-space: normal;
        overflow-wrap: anywhere;
        background: none;
      }
      li button[aria-current='true'] {
        background: var(--accent-soft);
        box-shadow: inset 2px 0 0 var(--accent);
      }
      li button:focus-visible {
        outline-offset: -2px;
      }
      .text {
        display: -webkit-box;
        overflow: hidden;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 3;
      }
    `,
  ];

  @property({ attribute: false }) comparison: Loadable<EngineComparison> = { state: 'idle' };
  @property({ attribute: false }) selection: Selection | null = null;
  @property({ type: Boolean }) comparing = false;

  override render(): TemplateResult | string {
    const { comparison } = this;
    if (comparison.state === 'idle') return '';
    if (comparison.state === 'failed')
      return html`<problem-card .diagnostic=${comparison.error}></problem-card>`;
    return html`<section id="engine-change">
      <h3>
        <span class="grow">Before and now</span>
        <button
          class="small"
          aria-pressed=${this.comparing}
          title="Shows the two engines side by side (b)"
          @click=${() => {
            send(this, 'lab-layout', { comparing: !this.comparing });
          }}
        >
          ${this.comparing ? 'Show the model again' : 'Side by side'}
        </button>
      </h3>
      ${
        comparison.state === 'loading'
          ? html`<p class="muted">Comparing the engines…</p>`
          : this.found(comparison.value)
      }
    </section>`;
  }

  private found(comparison: EngineComparison): TemplateResult {
    const { differences } = comparison;
    return html`${gainTable(comparison, ['opened', 'now'])}
      <details>
        <summary>${countText(differences.length, 'difference')} between the engines</summary>
        <ol>
          ${differences.slice(0, SHOWN).map((difference) => this.row(difference))}
        </ol>
        ${
          differences.length > SHOWN
            ? html`<p class="muted">and ${differences.length - SHOWN} more</p>`
            : ''
        }
      </details>`;
  }

  private row({ kind, nodes, after, bytes, text }: EngineDifference): TemplateResult {
    const [name] = nodes;
    const current = this.selection?.kind === 'node' && this.selection.name === name;
    const moved = bytes === 0 ? '' : `${bytes > 0 ? '+' : '−'}${sizeText(Math.abs(bytes))}`;
    return html`<li>
      <button
        aria-current=${current}
        title=${text}
        @click=${() => {
          const selection: Selection =
            name === undefined
              ? { kind: 'layer', name: after[0]?.name ?? '', nodes }
              : { kind: 'node', name, nodes };
          send(this, 'lab-select', { selection });
        }}
      >
        <span class="muted number">${KIND_WORDS[kind]}<br />${moved}</span>
        <span class="text">${text}</span>
      </button>
    </li>`;
  }
}
