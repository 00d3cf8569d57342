import type { TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { IoTensor } from '../../core/engine/built-engine.ts';
import type { OpenedEngine } from '../state/engine-state.ts';
import { shapeText, sizeText } from '../state/format-text.ts';
import { timeText } from '../state/time-heat.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { builtStyles } from './built-styles.ts';
import { cardStyles } from './card-styles.ts';
import './problem-card.ts';

/** How to get what a file lacks. */
export const PROFILE_HELP =
  'No times yet. Open the profile of this engine, too: trtexec --loadEngine=net.engine --exportProfile=net.profile.json --separateProfileRun.';

/** A built engine as a whole; shown while nothing is selected and no model is open. */
@customElement('engine-card')
export class EngineCard extends LitElement {
  static override styles = [
    baseStyles,
    cardStyles,
    builtStyles,
    css`
      problem-card {
        margin-bottom: 8px;
      }
    `,
  ];

  @property({ attribute: false }) shown!: OpenedEngine;

  override render(): TemplateResult {
    const { engine, label, analysis } = this.shown;
    const { figures } = analysis;
    const { latency } = figures;
    const fact = (name: string, value: string | null): TemplateResult | string =>
      value === null
        ? ''
        : html`<dt>${name}</dt>
            <dd>${value}</dd>`;
    return html`<header>
        <h2>Engine <span class="built-mark">built</span></h2>
        <p class="mono">${label}</p>
        <p class="muted">
          Select a layer to see its time, its tactic and what goes in and out. Drop the ONNX model
          that it was built from to see the prediction beside it.
        </p>
      </header>
      ${
        engine.remarks.length === 0
          ? ''
          : html`<section>
              ${engine.remarks.map((remark) => html`<problem-card .diagnostic=${remark}></problem-card>`)}
            </section>`
      }
      <section>
        <dl>
          ${fact('TensorRT', engine.trtVersion ?? 'not said in these files')}
          ${fact('GPU', engine.gpu)} ${fact('Layers', String(figures.layers))}
          ${
            latency === null
              ? ''
              : fact(
                  'Latency',
                  `${timeText(latency.computeMedianUs)} median, ${timeText(latency.computeP95Us)} at 95 %, over ${latency.runs.toLocaleString('en')} runs`,
                )
          }
          ${fact('Sum of layers', figures.layerTimeUs === null ? null : timeText(figures.layerTimeUs))}
          ${fact('Weights', figures.weightBytes === 0 ? null : sizeText(figures.weightBytes))}
          ${fact('Activations', figures.activationBytes === 0 ? null : sizeText(figures.activationBytes))}
        </dl>
        ${figures.layerTimeUs === null ? html`<p class="muted" id="no-times">${PROFILE_HELP}</p>` : ''}
      </section>
      ${ioList('Inputs', figures.inputs)}${ioList('Outputs', figures.outputs)}`;
  }
}

const ioList = (title: string, tensors: readonly IoTensor[]): TemplateResult | string =>
  tensors.length === 0
    ? ''
    : html`<section>
        <h3>${title}</h3>
        <ul>
          ${tensors.map(
            ({ name, dataType, dims }) =>
              html`<li>
                <div class="mono">${name}</div>
                <div class="muted number">${dataType} ${shapeText(dims)}</div>
              </li>`,
          )}
        </ul>
      </section>`;

declare global {
  interface HTMLElementTagNameMap {
    'engine-card': EngineCard;
  }
}
