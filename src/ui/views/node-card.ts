import type { TemplateResult } from 'lit';
import { LitElement, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { PredictedEngine } from '../../core/sim/predicted-engine.ts';
import type { NodeDetail } from '../../api/analyze-api.ts';
import { sizeText } from '../state/format-text.ts';
import { layersOfNodes } from '../state/layer-words.ts';
import type { Loadable } from '../state/loadable.ts';
import type { FindingView } from '../state/findings.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { copyButton } from '../widgets/copy-button.ts';
import { chipStyles } from '../widgets/precision-chip.ts';
import { cardStyles } from './card-styles.ts';
import { layerLink, tensorText } from './card-parts.ts';
import { findingStyles, findingsSection } from './finding-parts.ts';
import './problem-card.ts';
import { send } from './send.ts';

/** One ONNX node: where it ends up in the engine and why, then what the file says about it. */
@customElement('node-card')
export class NodeCard extends LitElement {
  static override styles = [baseStyles, chipStyles, cardStyles, ...findingStyles];

  @property() name = '';
  @property({ attribute: false }) detail: Loadable<NodeDetail> = { state: 'idle' };
  @property({ attribute: false }) engine: PredictedEngine | null = null;
  /** Findings about it. */
  @property({ attribute: false }) findings: readonly FindingView[] = [];
  /** Why it is where it is, as an element. */
  @property({ attribute: false }) why: TemplateResult | string = '';
  /** What of its Q/DQ can be changed, as an element. */
  @property({ attribute: false }) edits: TemplateResult | string = '';

  override render(): TemplateResult {
    return html`<header>
        <h2>${this.detail.state === 'ready' ? operatorText(this.detail.value) : 'Node'}</h2>
        <p class="mono">${this.name} ${copyButton(this.name, 'Copy the name')}</p>
      </header>
      ${findingsSection(this, this.findings)} ${this.inEngine()} ${this.file()}`;
  }

  private inEngine(): TemplateResult | string {
    if (this.engine === null) return '';
    const layers = layersOfNodes(this.engine, [this.name]);
    return html`<section>
        <h3>In the engine</h3>
        ${
          layers.length === 0
            ? html`<p class="muted">In no layer: folded into a constant, or needed by nothing.</p>`
            : layers.map((layer) => layerLink(this, layer))
        }
      </section>
      ${this.edits} ${this.why}`;
  }

  private file(): TemplateResult | string {
    const { detail } = this;
    if (detail.state === 'failed')
      return html`<problem-card .diagnostic=${detail.error}></problem-card>`;
    if (detail.state !== 'ready') return html`<p class="muted">Reading the node…</p>`;
    const { inputs, outputs, attributes } = detail.value;
    return html`<section>
        <h3>Inputs</h3>
        <ul>
          ${inputs.map((input) => this.input(input))}
        </ul>
      </section>
      <section>
        <h3>Outputs</h3>
        <ul>
          ${outputs.map(
            (output) =>
              html`<li>
                <div class="mono">${output.name}</div>
                <div class="muted number">${tensorText(output)}</div>
              </li>`,
          )}
        </ul>
      </section>
      ${
        attributes.length === 0
          ? ''
          : html`<section>
              <h3>Attributes</h3>
              <dl>
                ${attributes.map(
                  ({ name, text }) =>
                    html`<dt class="mono">${name}</dt>
                      <dd class="mono">${text}</dd>`,
                )}
              </dl>
            </section>`
      }`;
  }

  private input(input: NodeDetail['inputs'][number]): TemplateResult {
    if (input.name === '') return html`<li class="muted">not given</li>`;
    const size = input.sizeBytes === undefined ? '' : ` · ${sizeText(input.sizeBytes)}`;
    return html`<li>
      ${input.constant ? this.constantLink(input.name) : html`<div class="mono">${input.name}</div>`}
      <div class="muted number">
        ${input.constant ? 'constant ' : ''}${tensorText(input)}${size}
      </div>
    </li>`;
  }

  private constantLink(name: string): TemplateResult {
    return html`<button
      class="link mono"
      title="Its numbers: range, histogram, quantization error"
      @click=${() => {
        send(this, 'lab-select', { selection: { kind: 'value', name, nodes: [this.name] } });
      }}
    >
      ${name}
    </button>`;
  }
}

const operatorText = ({ domain, opType }: NodeDetail): string =>
  domain === '' || domain === 'ai.onnx' ? opType : `${domain}.${opType}`;
