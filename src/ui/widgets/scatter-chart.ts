import type { TemplateResult } from 'lit';
import { LitElement, css, html, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';

const SIZE = 200;

/** Pairs of numbers, the first to the right and the second upwards, over the line on which both are equal. */
@customElement('scatter-chart')
export class ScatterChart extends LitElement {
  static override styles = css`
    :host {
      display: block;
    }
    svg {
      display: block;
      width: 100%;
      aspect-ratio: 1;
      max-height: 220px;
      border: 1px solid var(--line);
    }
    .equal {
      stroke: var(--line-strong);
      stroke-width: 1;
    }
    .points {
      fill: none;
      stroke: var(--text);
      stroke-width: 3;
      stroke-linecap: round;
      opacity: 0.45;
    }
  `;

  /** a0, b0, a1, b1 … */
  @property({ attribute: false }) pairs: Float32Array | readonly number[] = [];
  @property() first = 'A';
  @property() second = 'B';

  override render(): TemplateResult {
    const limit = reach(this.pairs);
    const at = (value: number): number => ((value + limit) / (2 * limit)) * SIZE;
    const marks: string[] = [];
    for (let i = 0; i + 1 < this.pairs.length; i += 2) {
      const [a, b] = [this.pairs[i]!, this.pairs[i + 1]!];
      if (Number.isFinite(a) && Number.isFinite(b))
        marks.push(`M${at(a).toFixed(1)} ${(SIZE - at(b)).toFixed(1)}h0`);
    }
    const label = `${String(marks.length)} numbers of ${this.first} (to the right) against ${this.second} (upwards), from ${short(-limit)} to ${short(limit)}`;
    return html`<svg viewBox="0 0 ${SIZE} ${SIZE}" role="img" aria-label=${label}>
      <title>${label}</title>
      ${svg`<line class="equal" x1="0" y1=${SIZE} x2=${SIZE} y2="0"></line>`}
      ${svg`<path class="points" d=${marks.join('')} vector-effect="non-scaling-stroke"></path>`}
    </svg>`;
  }
}

/** The greatest finite magnitude, at least a little. */
function reach(pairs: Float32Array | readonly number[]): number {
  let most = 0;
  for (const value of pairs) if (Number.isFinite(value)) most = Math.max(most, Math.abs(value));
  return most === 0 ? 1 : most;
}

const short = (value: number): string => String(Number(value.toPrecision(3)));
