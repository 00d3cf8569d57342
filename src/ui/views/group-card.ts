import type { TemplateResult } from 'lit';
import { LitElement, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { PredictedEngine } from '../../core/sim/predicted-engine.ts';
import { countText } from '../state/format-text.ts';
import { layersOfNodes } from '../state/layer-words.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { chipStyles } from '../widgets/precision-chip.ts';
import { cardStyles } from './card-styles.ts';
import { layerLink } from './card-parts.ts';
import { send } from './send.ts';

/** Layers shown at once: a panel of thousands of links would stall the page and help nobody. */
const SHOWN = 200;

/** A module of the outline: its layers, and whether it is drawn as one box. */
@customElement('group-card')
export class GroupCard extends LitElement {
  static override styles = [baseStyles, chipStyles, cardStyles];

  @property() name = '';
  @property({ attribute: false }) nodes: readonly string[] = [];
  /** True where the module is drawn as one box. */
  @property({ type: Boolean }) folded = false;
  @property({ attribute: false }) engine: PredictedEngine | null = null;

  override render(): TemplateResult {
    const layers = this.engine === null ? [] : layersOfNodes(this.engine, this.nodes);
    return html`<header>
        <h2>Module</h2>
        <p class="mono">${this.name}</p>
        ${this.foldButton()}
      </header>
      <section>
        <h3>${countText(layers.length, 'layer')} of the engine</h3>
        <ul>
          ${layers.slice(0, SHOWN).map((layer) => html`<li>${layerLink(this, layer)}</li>`)}
        </ul>
        ${
          layers.length > SHOWN
            ? html`<p class="muted">and ${layers.length - SHOWN} more, in the table of layers</p>`
            : ''
        }
      </section>`;
  }

  private foldButton(): TemplateResult {
    return html`<p>
      <button
        @click=${() => {
          send(this, 'lab-fold', { path: this.name });
        }}
      >
        ${this.folded ? 'Show its nodes in the graph' : 'Draw it as one box'}
      </button>
    </p>`;
  }
}
