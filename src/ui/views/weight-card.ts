import type { TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { WeightStats } from '../../api/analyze-api.ts';
import { numberText, percentText, shapeText } from '../state/format-text.ts';
import type { Loadable } from '../state/loadable.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { copyButton } from '../widgets/copy-button.ts';
import '../widgets/histogram-chart.ts';
import { cardStyles } from './card-styles.ts';
import { nodeLink } from './card-parts.ts';
import './problem-card.ts';

/** The numbers of one constant: range, histogram, and what its quantizer does to them. */
@customElement('weight-card')
export class WeightCard extends LitElement {
  static override styles = [
    baseStyles,
    cardStyles,
    css`
      .axis {
        display: flex;
        justify-content: space-between;
        font-size: 12px;
      }
    `,
  ];

  @property() name = '';
  /** Nodes to come back to. */
  @property({ attribute: false }) readers: readonly string[] = [];
  @property({ attribute: false }) weight: Loadable<WeightStats> = { state: 'idle' };
  /** What of its Q/DQ can be changed, as an element. */
  @property({ attribute: false }) edits: TemplateResult | string = '';

  override render(): TemplateResult {
    return html`<header>
        <h2>Constant</h2>
        <p class="mono">${this.name} ${copyButton(this.name, 'Copy the name')}</p>
        ${this.readers.map((node) => html`<p class="muted">read by ${nodeLink(this, node)}</p>`)}
      </header>
      ${this.edits} ${this.numbers()}`;
  }

  private numbers(): TemplateResult {
    const { weight } = this;
    if (weight.state === 'failed')
      return html`<problem-card .diagnostic=${weight.error}></problem-card>`;
    if (weight.state !== 'ready') return html`<p class="muted">Reading its numbers…</p>`;
    const { dataType, dims, count, minimum, maximum, mean, histogram, quantization } = weight.value;
    return html`<section>
        <dl>
          <dt>Type</dt>
          <dd>${dataType} ${shapeText(dims)}</dd>
          <dt>Elements</dt>
          <dd>${count.toLocaleString('en')}</dd>
          <dt>Minimum</dt>
          <dd id="minimum">${numberText(minimum)}</dd>
          <dt>Maximum</dt>
          <dd id="maximum">${numberText(maximum)}</dd>
          <dt>Mean</dt>
          <dd>${numberText(mean)}</dd>
        </dl>
      </section>
      <section>
        <h3>
          Histogram <span title="so that rare values stay visible">(height by square root)</span>
        </h3>
        <histogram-chart
          .bins=${histogram}
          .minimum=${minimum}
          .maximum=${maximum}
        ></histogram-chart>
        <div class="axis number muted">
          <span>${numberText(minimum)}</span><span>${numberText(maximum)}</span>
        </div>
      </section>
      ${
        quantization === undefined
          ? html`<p class="muted">No quantizer reads this constant.</p>`
          : quantizationSection(quantization)
      }`;
  }
}

function quantizationSection(
  quantization: NonNullable<WeightStats['quantization']>,
): TemplateResult {
  const { granularity, axis, scales, maxAbsError, rootMeanSquareError, sqnrDb, saturated } =
    quantization;
  return html`<section id="quantization">
    <h3>After quantization</h3>
    <dl>
      <dt>Granularity</dt>
      <dd>${granularity}${axis === undefined ? '' : `, axis ${String(axis)}`}</dd>
      <dt>${scales.length === 1 ? 'Scale' : `${String(scales.length)} scales`}</dt>
      <dd>${scaleText(scales)}</dd>
      <dt>Largest error</dt>
      <dd>${numberText(maxAbsError)}</dd>
      <dt>RMS error</dt>
      <dd>${numberText(rootMeanSquareError)}</dd>
      <dt><abbr title="signal to quantization noise ratio">SQNR</abbr></dt>
      <dd id="sqnr">${Number.isFinite(sqnrDb) ? `${sqnrDb.toFixed(1)} dB` : 'no error'}</dd>
      <dt>Cut off</dt>
      <dd>${percentText(saturated)}</dd>
    </dl>
  </section>`;
}

function scaleText(scales: readonly number[]): string {
  let [low, high] = [Infinity, -Infinity];
  for (const scale of scales) {
    low = Math.min(low, scale);
    high = Math.max(high, scale);
  }
  return low === high ? numberText(low) : `${numberText(low)} to ${numberText(high)}`;
}
