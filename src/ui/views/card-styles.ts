import { css } from 'lit';

/** What the cards of the inspector share. */
export const cardStyles = css`
  :host {
    display: block;
    padding: 0 12px 16px;
    font-size: 13px;
  }
  header {
    padding: 12px 0 8px;
  }
  header h2 {
    display: flex;
    align-items: center;
    gap: 8px;
    margin: 0;
    font-size: 14px;
  }
  header p {
    margin: 4px 0 0;
    overflow-wrap: anywhere;
  }
  section {
    padding: 8px 0;
    border-top: 1px solid var(--line);
  }
  section > p {
    margin: 0 0 4px;
    overflow-wrap: anywhere;
  }
  h3 {
    margin: 0 0 6px;
    font-size: 12px;
    font-weight: 600;
    color: var(--muted);
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li + li {
    margin-top: 6px;
  }
  li {
    overflow-wrap: anywhere;
  }
  dl {
    display: grid;
    grid-template-columns: minmax(72px, auto) minmax(0, 1fr);
    gap: 3px 12px;
    margin: 0;
  }
  dt {
    color: var(--muted);
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
    font-variant-numeric: tabular-nums;
  }
  .tensor {
    display: flex;
    align-items: baseline;
    gap: 6px;
  }
  .tensor > div {
    min-width: 0;
  }
  .note + .note {
    margin-top: 10px;
  }
  .note > p {
    position: relative;
    margin: 0;
    padding-left: 18px;
    overflow-wrap: anywhere;
  }
  .note > .log {
    font-size: 12px;
  }
  .outcome {
    position: absolute;
    left: 0;
    font-weight: 700;
  }
  details {
    margin: 2px 0 0 18px;
    font-size: 12px;
  }
  summary {
    cursor: pointer;
    color: var(--muted);
  }
  details p {
    margin: 4px 0;
  }
  .nodes {
    margin: 2px 0 0 18px;
    font-size: 12px;
  }
`;
