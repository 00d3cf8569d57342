import type { TemplateResult } from 'lit';
import { LitElement, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { BuiltLayer, EngineFinding, LayerLine } from '../../api/engine-api.ts';
import type { BuiltTensor, ConvolutionFacts } from '../../core/engine/built-engine.ts';
import { fieldText } from '../state/built-words.ts';
import type { OpenedEngine } from '../state/engine-state.ts';
import { shapeText, sizeText } from '../state/format-text.ts';
import { precisionOfTensor } from '../state/layer-words.ts';
import { PRECISION_NAME } from '../state/precision-text.ts';
import { shareText, timeText } from '../state/time-heat.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { copyButton } from '../widgets/copy-button.ts';
import { chipStyles } from '../widgets/precision-chip.ts';
import { severityMark } from '../widgets/severity-mark.ts';
import { builtStyles } from './built-styles.ts';
import { chipOf, layerChip, nodeLink } from './card-parts.ts';
import { cardStyles } from './card-styles.ts';
import { findingStyles } from './finding-parts.ts';

/** Everything about one layer of a built engine: time, kernel, what goes in and out, and all that its file says. */
@customElement('built-card')
export class BuiltCard extends LitElement {
  static override styles = [baseStyles, chipStyles, cardStyles, ...findingStyles, builtStyles];

  @property({ attribute: false }) shown: OpenedEngine | null = null;
  @property({ type: Number }) index = 0;

  override render(): TemplateResult | string {
    const layer = this.shown?.engine.layers[this.index];
    const line = this.shown?.analysis.layers[this.index];
    if (this.shown === null || layer === undefined || line === undefined) return '';
    const { findings } = this.shown.analysis;
    return html`<header>
        <h2>${layerChip(layer)} ${layer.layerType} <span class="built-mark">built</span></h2>
        <p class="mono">${layer.name} ${copyButton(layer.name, 'Copy the name')}</p>
      </header>
      ${timePart(line)}
      ${findingPart(findings.filter(({ layers }) => layers[0]?.index === layer.index))}
      ${factsPart(layer, line)} ${convolutionPart(layer.convolution)}
      ${
        layer.operations.length === 0
          ? ''
          : html`<section id="operations">
              <h3>Operations</h3>
              <ol class="mono">
                ${layer.operations.map((operation) => html`<li>${operation}</li>`)}
              </ol>
            </section>`
      }
      ${tensors('Inputs', layer.inputs)}${tensors('Outputs', layer.outputs)} ${this.nodes(layer)}
      ${fieldsPart(layer.fields)}`;
  }

  private nodes({ nodes, nodesGuessed }: BuiltLayer): TemplateResult {
    return html`<section id="nodes">
      <h3>ONNX nodes</h3>
      ${
        nodes.length === 0
          ? html`<p class="muted">None: the builder added this layer itself.</p>`
          : html`<ul>
              ${nodes.map((name) => html`<li>${nodeLink(this, name)}</li>`)}
            </ul>`
      }
      ${
        nodesGuessed
          ? html`<p class="muted">Read off the layer's name: the file does not list its nodes.</p>`
          : ''
      }
    </section>`;
  }
}

function timePart({ timeUs, timeShare }: LayerLine): TemplateResult | string {
  if (timeUs === null) return '';
  return html`<section id="time">
    <p class="time number">
      <strong>${timeText(timeUs)}</strong> ${
        timeShare === null ? '' : html`<span>${shareText(timeShare)} of all layers</span>`
      }
    </p>
  </section>`;
}

const findingPart = (findings: readonly EngineFinding[]): TemplateResult | string =>
  findings.length === 0
    ? ''
    : html`<section id="findings">
        <h3>Findings</h3>
        ${findings.map(
          ({ severity, message, consequence, advice }) =>
            html`<div class="finding">
              ${severityMark(severity)} ${message}
              <p class="muted">${consequence} ${advice}</p>
            </div>`,
        )}
      </section>`;

/** Rows of a list of facts; those without a value are left out. */
const rows = (facts: readonly (readonly [string, unknown])[]): readonly TemplateResult[] =>
  facts
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    );

function factsPart(layer: BuiltLayer, line: LayerLine): TemplateResult {
  const { tactic, activation, origin, streamId, parameterType, precision, role } = layer;
  return html`<section id="facts">
    <dl>
      ${rows([
        ['Layer', `${String(layer.index)}${parameterType === null ? '' : `, ${parameterType}`}`],
        ['Precision', role === 'compute' ? PRECISION_NAME[precision] : ''],
        [
          'Tactic',
          tactic === null
            ? null
            : html`<span class="mono">${tactic}</span> ${copyButton(tactic, 'Copy the tactic')}`,
        ],
        ['Activation', activation],
        ['Origin', origin],
        ['Activations', line.activationBytes === 0 ? null : sizeText(line.activationBytes)],
        ['Weights', line.weightBytes === 0 ? null : sizeText(line.weightBytes)],
        ['Stream', streamId],
      ])}
    </dl>
  </section>`;
}

function convolutionPart(facts: ConvolutionFacts | null): TemplateResult | string {
  if (facts === null) return '';
  const { kernel, stride, dilation, prePadding, postPadding, groups, outMaps } = facts;
  const held = (part: ConvolutionFacts['weights']): string | null =>
    part === null ? null : `${part.count.toLocaleString('en')} × ${part.dataType}`;
  const isOne = (numbers: readonly number[]): boolean => numbers.every((number) => number === 1);
  return html`<section id="convolution">
    <h3>${facts.isDeconvolution ? 'Deconvolution' : 'Convolution'}</h3>
    <dl>
      ${rows([
        ['Kernel', kernel.join('×')],
        ['Stride', stride.join('×')],
        ['Dilation', isOne(dilation) ? null : dilation.join('×')],
        ['Padding', paddingText(prePadding, postPadding)],
        ['Groups', groups === 1 ? null : groups],
        ['Output maps', outMaps],
        ['Weights', held(facts.weights)],
        ['Bias', held(facts.bias)],
        ['Residual', facts.hasResidual ? 'adds a second input' : null],
      ])}
    </dl>
  </section>`;
}

const paddingText = (before: readonly number[], after: readonly number[]): string | null => {
  const [first, second] = [before.join('×'), after.join('×')];
  if (before.every((size) => size === 0) && after.every((size) => size === 0)) return null;
  return first === second ? first : `${first} before, ${second} after`;
};

const tensors = (title: string, list: readonly BuiltTensor[]): TemplateResult | string =>
  list.length === 0
    ? ''
    : html`<section>
        <h3>${title}</h3>
        <ul>
          ${list.map(
            (tensor) =>
              html`<li class="tensor">
                ${chipOf(precisionOfTensor(tensor))}
                <div>
                  <div class="mono">${tensor.name}</div>
                  <div class="muted number">
                    ${tensor.dataType} ${shapeText(tensor.dims)} ·
                    ${tensor.format === 'UNKNOWN' ? 'format not said' : tensor.format}
                  </div>
                  ${
                    tensor.formatText === ''
                      ? ''
                      : html`<div class="muted said">${tensor.formatText}</div>`
                  }
                </div>
              </li>`,
          )}
        </ul>
      </section>`;

/** What the file says beside all that: TensorRT adds fields with every version. */
function fieldsPart(fields: BuiltLayer['fields']): TemplateResult | string {
  const entries = Object.entries(fields);
  if (entries.length === 0) return '';
  return html`<section id="fields">
    <details>
      <summary>${entries.length} more fields of the file</summary>
      <dl class="mono">${rows(entries.map(([name, value]) => [name, fieldText(value)]))}</dl>
    </details>
  </section>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'built-card': BuiltCard;
  }
}
