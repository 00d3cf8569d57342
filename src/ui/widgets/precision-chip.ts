import type { TemplateResult } from 'lit';
import { css, html } from 'lit';

/** Styles of `precisionChip`; an element that draws chips takes them into its own. */
export const chipStyles = css`
  .chip {
    display: inline-block;
    flex: none;
    min-width: 28px;
    padding: 0 4px;
    border: 1px solid transparent;
    border-radius: 3px;
    font: 600 11px/16px var(--mono);
    text-align: center;
    color: #000;
    background: var(--p-other);
  }
  .chip.uncertain {
    border: 1px dashed var(--text);
  }
  .chip.int8 {
    background: var(--p-int8);
  }
  .chip.fp8 {
    background: var(--p-fp8);
  }
  .chip.int4 {
    background: var(--p-int4);
  }
  .chip.fp16 {
    background: var(--p-fp16);
  }
  .chip.bf16 {
    background: var(--p-bf16);
  }
  .chip.fp32 {
    background: var(--p-fp32);
  }
  .chip.open {
    color: var(--text);
    background: none;
  }
  .chip.hatch {
    color: var(--text);
    background: repeating-linear-gradient(135deg, var(--hatch) 0 2px, transparent 2px 5px);
    border-color: var(--line-strong);
  }
`;

export interface Chip {
  /** Class that picks the colour. */
  readonly colour: string;
  readonly sign: string;
  /** Tooltip and spoken text. */
  readonly words: string;
  /** Dashed where the builder decides by timing. */
  readonly uncertain?: boolean;
}

/** A small coloured sign: colour and letters say the same, so that neither is needed alone. */
export const precisionChip = ({ colour, sign, words, uncertain }: Chip): TemplateResult =>
  html`<span
    class="chip ${colour} ${uncertain === true ? 'uncertain' : ''}"
    title=${uncertain === true ? `${words}, decided by timing` : words}
    >${sign}</span
  >`;
