import { css } from 'lit';

/**
 * What every element of the page shares: controls, links, focus. Colours come as custom properties from
 * `public/styles.css`, because they reach through shadow roots and follow the colour scheme there.
 */
export const baseStyles = css`
  :host {
    box-sizing: border-box;
  }
  *,
  *::before,
  *::after {
    box-sizing: inherit;
  }
  [hidden] {
    display: none !important;
  }
  button,
  select,
  input {
    font: inherit;
    color: inherit;
    min-height: 28px;
    padding: 0 10px;
    border: 1px solid var(--line);
    border-radius: 4px;
    background: var(--raised);
  }
  select {
    padding: 0 4px 0 8px;
  }
  button {
    cursor: pointer;
    white-space: nowrap;
  }
  button:hover:not(:disabled),
  select:hover {
    background: var(--hover);
  }
  button:disabled {
    color: var(--muted);
    cursor: default;
  }
  button.plain {
    min-height: 24px;
    padding: 0 6px;
    border-color: transparent;
    background: none;
  }
  button.plain:hover {
    background: var(--hover);
  }
  button.link {
    min-height: 0;
    padding: 0;
    border: 0;
    background: none;
    text-align: left;
    white-space: normal;
    overflow-wrap: anywhere;
    text-decoration: underline;
    text-decoration-color: var(--line-strong);
    text-underline-offset: 2px;
  }
  button.link:hover {
    text-decoration-color: currentColor;
  }
  a {
    color: inherit;
    text-underline-offset: 2px;
  }
  :focus-visible {
    outline: 2px solid var(--focus);
    outline-offset: 1px;
  }
  .mono {
    font-family: var(--mono);
    font-size: 12px;
  }
  .muted {
    color: var(--muted);
  }
  .number {
    font-variant-numeric: tabular-nums;
  }
  @media (pointer: coarse) {
    button,
    select,
    input {
      min-height: 36px;
    }
    button.link {
      min-height: 0;
      padding: 4px 0;
    }
  }
`;
