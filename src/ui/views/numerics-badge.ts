import type { TemplateResult } from 'lit';
import { css, html } from 'lit';
import type { PassView } from '../../api/rewrite-api.ts';

/** The styles of `numericsBadge`. */
export const numericsStyles = css`
  .numerics {
    display: inline-block;
    flex: none;
    padding: 0 5px;
    border: 1px solid var(--line-strong);
    border-radius: 3px;
    font-size: 11px;
    line-height: 16px;
    white-space: nowrap;
    color: var(--text);
  }
  .numerics[data-numerics='approximate'] {
    border-style: dashed;
  }
`;

const WORDS = {
  'bit-exact': ['= bit-exact', 'every value stays equal to the bit'],
  'one-step': ['±1 step', 'values may move to a neighbour on the grid of their quantizer'],
  approximate: ['≈ approximate', 'values are rounded elsewhere: calibrate and validate'],
} as const;

/** What a change does to the numbers, by sign and words. */
export const numericsBadge = (numerics: PassView['numerics']): TemplateResult => {
  const [text, help] = WORDS[numerics];
  return html`<span class="numerics" data-numerics=${numerics} title=${help}>${text}</span>`;
};
