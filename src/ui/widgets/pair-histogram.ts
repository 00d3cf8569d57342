import type { TemplateResult } from 'lit';
import { LitElement, css, html, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';

/** How numbers are spread: counts in equal bins from -`limit` to `limit`. */
export interface Spread {
  readonly limit: number;
  readonly counts: readonly number[];
}

/** Where a quantizer cuts off, and the width of one of its bins. */
export interface BinRange {
  readonly lowest: number;
  readonly highest: number;
  readonly step: number;
}

const WIDTH = 512;
const HEIGHT = 120;
/** Bins of a quantizer are drawn one by one while they are at least so many pixels wide. */
const LEAST_BIN = 4;

/**
 * Two spreads of the same tensor: the second as bars, the first as a line over them; the range of a quantizer as a band with
 * its bins. Heights go by the square root, so that tails stay visible.
 */
@customElement('pair-histogram')
export class PairHistogram extends LitElement {
  static override styles = css`
    :host {
      display: block;
    }
    svg {
      display: block;
      width: 100%;
      height: 120px;
      border-bottom: 1px solid var(--line-strong);
    }
    .band {
      fill: var(--p-int8);
      opacity: 0.14;
    }
    .edge {
      stroke: var(--good);
      stroke-width: 1.5;
      stroke-dasharray: 5 3;
    }
    .bin {
      stroke: var(--line-strong);
      stroke-width: 0.75;
    }
    .second {
      fill: var(--bar);
    }
    .first {
      fill: none;
      stroke: var(--text);
      stroke-width: 1.25;
    }
    .zero {
      stroke: var(--line-strong);
    }
  `;

  @property({ attribute: false }) first: Spread = { limit: 1, counts: [] };
  @property({ attribute: false }) second: Spread = { limit: 1, counts: [] };
  @property({ attribute: false }) range: BinRange | null = null;

  override render(): TemplateResult {
    const { first, second, range } = this;
    const highest = Math.max(1, ...first.counts, ...second.counts);
    const label = `Histogram from ${short(-second.limit)} to ${short(second.limit)}, before and after${
      range === null
        ? ''
        : `; the quantizer reaches from ${short(range.lowest)} to ${short(range.highest)} in steps of ${short(range.step)}`
    }`;
    return html`<svg
      viewBox="0 0 ${WIDTH} ${HEIGHT}"
      preserveAspectRatio="none"
      role="img"
      aria-label=${label}
    >
      ${range === null ? '' : this.band(range)}
      <path class="second" d=${`${outline(second, highest)}V${String(HEIGHT)}H0Z`}></path>
      ${range === null ? '' : this.bins(range)}
      <path class="first" vector-effect="non-scaling-stroke" d=${outline(first, highest)}></path>
      <line
        class="zero"
        x1=${WIDTH / 2}
        x2=${WIDTH / 2}
        y1="0"
        y2=${HEIGHT}
        vector-effect="non-scaling-stroke"
      ></line>
      ${range === null ? '' : this.edges(range)}
    </svg>`;
  }

  /** Scene x of a number, kept inside. */
  private x(value: number): number {
    const { limit } = this.second;
    return Math.min(WIDTH, Math.max(0, ((value + limit) / (2 * limit)) * WIDTH));
  }

  private band({ lowest, highest }: BinRange): TemplateResult {
    const [left, right] = [this.x(lowest), this.x(highest)];
    return svg`<rect class="band" x=${left.toFixed(2)} width=${(right - left).toFixed(2)} y="0" height=${HEIGHT}></rect>`;
  }

  /** Ends of the range that lie in the picture. */
  private edges({ lowest, highest }: BinRange): TemplateResult {
    const { limit } = this.second;
    return svg`${[lowest, highest]
      .filter((end) => Math.abs(end) <= limit)
      .map((end) => {
        const x = this.x(end).toFixed(2);
        return svg`<line class="edge" x1=${x} x2=${x} y1="0" y2=${HEIGHT} vector-effect="non-scaling-stroke"></line>`;
      })}`;
  }

  /** Borders of the quantizer's bins along the foot, where there is room to tell them apart. */
  private bins({ lowest, highest, step }: BinRange): TemplateResult | string {
    const { limit } = this.second;
    if (!(step > 0) || (step / (2 * limit)) * WIDTH < LEAST_BIN) return '';
    const lines: TemplateResult[] = [];
    const start = Math.ceil(Math.max(lowest, -limit) / step) - 0.5;
    for (let at = start; at * step <= Math.min(highest, limit); at++) {
      const x = this.x(at * step).toFixed(2);
      lines.push(
        svg`<line class="bin" x1=${x} x2=${x} y1=${HEIGHT - 10} y2=${HEIGHT} vector-effect="non-scaling-stroke"></line>`,
      );
    }
    return svg`${lines}`;
  }
}

/** The upper edge of the bars, as an SVG path from the left end to the right. */
function outline({ counts }: Spread, highest: number): string {
  const width = WIDTH / Math.max(1, counts.length);
  const steps = counts.map((count, i) => {
    const y = HEIGHT - Math.sqrt(count / highest) * (HEIGHT - 4);
    return `V${y.toFixed(2)}H${((i + 1) * width).toFixed(2)}`;
  });
  return `M0 ${String(HEIGHT)}${steps.join('')}`;
}

const short = (value: number): string => String(Number(value.toPrecision(3)));
