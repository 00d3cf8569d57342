import type { TemplateResult } from 'lit';
import { LitElement, css, html, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';

const WIDTH = 256;
const HEIGHT = 72;

/** Bars of equal width over a range of numbers; heights by the square root, so that tails stay visible. */
@customElement('histogram-chart')
export class HistogramChart extends LitElement {
  static override styles = css`
    :host {
      display: block;
    }
    svg {
      display: block;
      width: 100%;
      height: 72px;
    }
    rect {
      fill: var(--bar);
    }
    line {
      stroke: var(--line-strong);
    }
  `;

  @property({ attribute: false }) bins: readonly number[] = [];
  /** Value at the left edge. */
  @property({ type: Number }) minimum = 0;
  /** Value at the right edge. */
  @property({ type: Number }) maximum = 1;

  override render(): TemplateResult {
    const highest = Math.max(1, ...this.bins);
    const step = WIDTH / Math.max(1, this.bins.length);
    const bars = this.bins.map((count, i) => {
      const height = Math.sqrt(count / highest) * (HEIGHT - 2);
      return svg`<rect x=${(i * step).toFixed(2)} width=${Math.max(0.5, step - 0.5).toFixed(2)}
        y=${(HEIGHT - height).toFixed(2)} height=${height.toFixed(2)}></rect>`;
    });
    const zero = (-this.minimum / (this.maximum - this.minimum)) * WIDTH;
    const label = `Histogram of ${String(this.bins.length)} bins from ${String(this.minimum)} to ${String(this.maximum)}`;
    return html`<svg
      viewBox="0 0 ${WIDTH} ${HEIGHT}"
      preserveAspectRatio="none"
      role="img"
      aria-label=${label}
    >
      ${bars}
      ${
        zero > 0 && zero < WIDTH
          ? svg`<line x1=${zero} x2=${zero} y1="0" y2=${HEIGHT} vector-effect="non-scaling-stroke"></line>`
          : ''
      }
    </svg>`;
  }
}
