import type { TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { EngineSummary, PredictedEngine } from '../../core/sim/predicted-engine.ts';
import type { EngineDifference, Shortfall } from '../../api/analyze-api.ts';
import type { Selection } from '../state/app-state.ts';
import { countText, sizeText } from '../state/format-text.ts';
import type { Loadable } from '../state/loadable.ts';
import { engineText } from '../state/targets.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import './problem-card.ts';
import { send } from './send.ts';

/** Rows shown at once. */
const SHOWN = 200;

/** Where the engine falls short of the best one that its graph can have, most costly first. */
@customElement('shortfall-list')
export class ShortfallList extends LitElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
        overflow: auto;
      }
      p {
        margin: 0;
        padding: 8px 12px;
        border-bottom: 1px solid var(--line);
      }
      ol {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      button {
        display: grid;
        grid-template-columns: 72px minmax(0, 1fr);
        gap: 12px;
        width: 100%;
        padding: 5px 12px;
        border: 0;
        border-radius: 0;
        font-size: 12px;
        text-align: left;
        white-space: normal;
        overflow-wrap: anywhere;
        background: none;
      }
      button[aria-current='true'] {
        background: var(--accent-soft);
        box-shadow: inset 2px 0 0 var(--accent);
      }
      button > .number {
        text-align: right;
      }
      :focus-visible {
        outline-offset: -2px;
      }
    `,
  ];

  @property({ attribute: false }) shortfall: Loadable<Shortfall> = { state: 'idle' };
  @property({ attribute: false }) engine: PredictedEngine | null = null;
  @property({ attribute: false }) selection: Selection | null = null;

  override render(): TemplateResult {
    const { shortfall, engine } = this;
    if (shortfall.state === 'failed')
      return html`<problem-card .diagnostic=${shortfall.error}></problem-card>`;
    if (shortfall.state !== 'ready' || engine === null)
      return html`<p class="muted">Predicting the best engine that this graph can have…</p>`;
    const { differences, summary, target } = shortfall.value;
    return html`<p>
        Without Q/DQ in its way, and with every layer free to run in INT8, the graph becomes
        ${figures(summary)} <span class="muted">(${engineText(target)})</span>. This engine:
        ${figures(engine.summary)}.
        ${
          differences.length === 0
            ? 'It moves no more data than the best one.'
            : 'What it has instead of the best one, by the data that it moves more:'
        }
      </p>
      <ol>
        ${differences.slice(0, SHOWN).map((difference) => this.row(difference))}
      </ol>
      ${
        differences.length > SHOWN
          ? html`<p class="muted">and ${differences.length - SHOWN} smaller ones</p>`
          : ''
      }`;
  }

  private row(difference: EngineDifference): TemplateResult {
    const selection = selectionOf(difference);
    const { selection: chosen } = this;
    const current =
      chosen !== null && chosen.kind === selection.kind && chosen.name === selection.name;
    return html`<li>
      <button
        aria-current=${current}
        @click=${() => {
          send(this, 'lab-select', { selection });
        }}
      >
        <span class="number">+${sizeText(difference.bytes)}</span><span>${difference.text}</span>
      </button>
    </li>`;
  }
}

const figures = ({ layers, int8Layers, computeLayers, reformats, survivingQdq }: EngineSummary) =>
  `${countText(layers, 'layer')}, ${String(int8Layers)} of ${String(computeLayers)} in INT8, ` +
  `${countText(reformats, 'reformat')}, ${String(survivingQdq)} Q/DQ`;

/** The nodes concerned; where no node is, the layer that the builder adds. */
function selectionOf({ nodes, after }: EngineDifference): Selection {
  const [name] = nodes;
  return name === undefined
    ? { kind: 'layer', name: after[0]?.name ?? '', nodes }
    : { kind: 'node', name, nodes };
}
