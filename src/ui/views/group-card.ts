import type { TemplateResult } from 'lit';
import { LitElement, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { PredictedEngine, PredictedLayer } from '../../core/sim/predicted-engine.ts';
import type { Finding } from '../state/findings.ts';
import { countText } from '../state/format-text.ts';
import { layersOfNodes } from '../state/layer-words.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { chipStyles } from '../widgets/precision-chip.ts';
import { cardStyles } from './card-styles.ts';
import { layerLink } from './card-parts.ts';
import { send } from './send.ts';

/** Layers shown at once: a panel of thousands of links would stall the page and help nobody. */
const SHOWN = 200;

/** Several nodes at once: a finding, or a module of the outline. */
@customElement('group-card')
export class GroupCard extends LitElement {
  static override styles = [baseStyles, chipStyles, cardStyles];

  @property() name = '';
  @property({ attribute: false }) nodes: readonly string[] = [];
  /** The finding that was selected, if it was one. */
  @property({ attribute: false }) finding: Finding | null = null;
  /** True where the module is drawn as one box. */
  @property({ type: Boolean }) folded = false;
  @property({ attribute: false }) engine: PredictedEngine | null = null;

  override render(): TemplateResult {
    const layers = this.layers();
    return html`<header>
        <h2>${this.finding === null ? 'Module' : 'Finding'}</h2>
        <p class=${this.finding === null ? 'mono' : ''}>${this.finding?.title ?? this.name}</p>
        ${this.finding === null ? this.foldButton() : html`<p class="muted">${this.finding.text}</p>`}
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

  private layers(): readonly PredictedLayer[] {
    const { engine, finding } = this;
    if (engine === null) return [];
    return finding === null
      ? layersOfNodes(engine, this.nodes)
      : finding.layers.flatMap((index) => engine.layers[index] ?? []);
  }
}
