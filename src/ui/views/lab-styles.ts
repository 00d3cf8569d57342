import { css } from 'lit';

/** What the sections of the laboratory share. */
export const labStyles = css`
  :host {
    display: block;
    font-size: 13px;
  }
  section {
    padding: 10px 12px;
    border-top: 1px solid var(--line);
  }
  h3 {
    display: flex;
    align-items: baseline;
    gap: 8px;
    margin: 0 0 6px;
    font-size: 13px;
    font-weight: 600;
  }
  h3 > .muted {
    font-size: 12px;
    font-weight: 400;
  }
  p {
    margin: 0 0 6px;
    overflow-wrap: anywhere;
  }
  ul,
  ol {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 8px;
  }
  .grow {
    flex: 1;
  }
  label {
    display: inline-flex;
    align-items: center;
    gap: 6px;
  }
  input[type='checkbox'] {
    min-height: 0;
    width: 15px;
    height: 15px;
    margin: 0;
    accent-color: var(--text);
  }
  button.main {
    border-color: var(--text);
    color: var(--surface);
    background: var(--text);
  }
  button.main:hover:not(:disabled) {
    background: color-mix(in srgb, var(--text) 84%, var(--surface));
  }
  button.main:disabled {
    border-color: var(--line);
    color: var(--muted);
    background: none;
  }
  button.small {
    min-height: 22px;
    padding: 0 7px;
    font-size: 12px;
  }
  summary {
    cursor: pointer;
  }
  @media (pointer: coarse) {
    input[type='checkbox'] {
      width: 22px;
      height: 22px;
    }
    button.small {
      min-height: 32px;
    }
  }
`;
