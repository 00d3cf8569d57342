import type { TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ModelSummary, TensorInfo } from '../../api/analyze-api.ts';
import { sizeText } from '../state/format-text.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { cardStyles } from './card-styles.ts';
import { tensorText } from './card-parts.ts';
import './problem-card.ts';

/** The model as a whole; shown while nothing is selected. */
@customElement('model-card')
export class ModelCard extends LitElement {
  static override styles = [
    baseStyles,
    cardStyles,
    css`
      problem-card {
        margin-bottom: 8px;
      }
    `,
  ];

  @property({ attribute: false }) summary!: ModelSummary;

  override render(): TemplateResult {
    const { summary } = this;
    const opsets = summary.opsets.map(
      ({ domain, version }) => `${domain === '' ? 'ai.onnx' : domain} ${String(version)}`,
    );
    return html`<header>
        <h2>Model</h2>
        <p class="mono">${summary.fileName}</p>
        <p class="muted">Select a box in either graph to see what becomes of it, and why.</p>
      </header>
      ${this.diagnostics()}
      <section>
        <dl>
          <dt>Producer</dt>
          <dd>${summary.producer === '' ? 'not said' : summary.producer}</dd>
          <dt>Opset</dt>
          <dd>${opsets.join(', ')}</dd>
          <dt>IR version</dt>
          <dd>${summary.irVersion}</dd>
          <dt>Nodes</dt>
          <dd>
            ${summary.nodeCount}, of them ${summary.quantizeCount} Q and ${summary.dequantizeCount}
            DQ
          </dd>
          <dt>Constants</dt>
          <dd>${sizeText(summary.initializerBytes)}</dd>
          ${
            summary.functionCount === 0
              ? ''
              : html`<dt>Functions</dt>
                  <dd>${summary.functionCount}</dd>`
          }
          ${
            summary.subgraphCount === 0
              ? ''
              : html`<dt>Subgraphs</dt>
                  <dd>${summary.subgraphCount}, shown as one node each</dd>`
          }
        </dl>
      </section>
      ${tensorList('Inputs', summary.inputs)}${tensorList('Outputs', summary.outputs)}`;
  }

  private diagnostics(): TemplateResult | string {
    const { diagnostics } = this.summary;
    if (diagnostics.length === 0) return '';
    return html`<section>
      ${diagnostics.map((diagnostic) => html`<problem-card .diagnostic=${diagnostic}></problem-card>`)}
    </section>`;
  }
}

const tensorList = (title: string, tensors: readonly TensorInfo[]): TemplateResult =>
  html`<section>
    <h3>${title}</h3>
    <ul>
      ${tensors.map(
        (tensor) =>
          html`<li>
            <div class="mono">${tensor.name}</div>
            <div class="muted number">${tensorText(tensor)}</div>
          </li>`,
      )}
    </ul>
  </section>`;
