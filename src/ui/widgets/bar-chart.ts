import type { TemplateResult } from 'lit';
import { css, html } from 'lit';
import { inlineStyle } from './inline-style.ts';

/** A piece of a bar. */
export interface BarPart {
  /** Name of a precision's colour, or `hatch` for copies. */
  readonly colour: string;
  readonly amount: number;
  /** Said by the tooltip. */
  readonly words: string;
}

/** A line of a bar chart. */
export interface Bar {
  readonly label: string;
  readonly parts: readonly BarPart[];
  /** The amount in words, right of the bar. */
  readonly text: string;
  readonly title: string;
  /** Makes the line a button. */
  readonly onChoose?: () => void;
  readonly chosen?: boolean;
}

export const barStyles = css`
  .bars h3 {
    margin: 0 0 4px;
    font-size: 12px;
    font-weight: 600;
    color: var(--muted);
  }
  .bars ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .bars .bar {
    display: grid;
    grid-template-columns: minmax(0, 5fr) minmax(40px, 6fr) auto;
    align-items: center;
    gap: 8px;
    width: 100%;
    min-height: 22px;
    padding: 0 4px;
    border: 0;
    border-radius: 2px;
    font: inherit;
    font-size: 12px;
    text-align: left;
    background: none;
  }
  .bars .bar[aria-pressed='true'] {
    background: var(--accent-soft);
    box-shadow: inset 2px 0 0 var(--accent);
  }
  .bars .label {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .bars .track {
    display: flex;
    height: 12px;
  }
  .bars .part {
    box-sizing: border-box;
    height: 100%;
    border: 1px solid color-mix(in srgb, var(--text) 30%, transparent);
  }
  .bars .part + .part {
    border-left: 0;
  }
  .bars .part:first-child {
    border-radius: 2px 0 0 2px;
  }
  .bars .amount {
    min-width: 56px;
    text-align: right;
    white-space: nowrap;
    font-variant-numeric: tabular-nums;
  }
`;

/** Horizontal bars under a heading, the longest as wide as there is room. Each says its amount itself. */
export function barChart({
  title,
  bars,
}: {
  readonly title: string;
  readonly bars: readonly Bar[];
}): TemplateResult {
  const total = ({ parts }: Bar): number => parts.reduce((sum, { amount }) => sum + amount, 0);
  const most = bars.reduce((max, bar) => Math.max(max, total(bar)), 0);
  return html`<section class="bars" aria-label=${title}>
    <h3>${title}</h3>
    <ul>
      ${bars.map((bar) => html`<li>${barLine(bar, most)}</li>`)}
    </ul>
  </section>`;
}

function barLine(bar: Bar, most: number): TemplateResult {
  const inside = html`<span class="label">${bar.label}</span>
    <span class="track" aria-hidden="true"
      >${bar.parts.map(
        ({ colour, amount, words }) =>
          html`<span
            class="part"
            title=${words}
            ${inlineStyle(partStyle(colour, amount, most))}
          ></span>`,
      )}</span
    >
    <span class="amount">${bar.text}</span>`;
  return bar.onChoose === undefined
    ? html`<div class="bar" title=${bar.title}>${inside}</div>`
    : html`<button
        class="bar"
        title=${bar.title}
        aria-pressed=${bar.chosen === true}
        @click=${bar.onChoose}
      >
        ${inside}
      </button>`;
}

const partStyle = (colour: string, amount: number, most: number) => ({
  width: `${(most === 0 ? 0 : (100 * amount) / most).toFixed(2)}%`,
  background:
    colour === 'hatch'
      ? 'repeating-linear-gradient(135deg, var(--hatch) 0 3px, var(--panel) 3px 6px)'
      : `var(--p-${colour})`,
});
