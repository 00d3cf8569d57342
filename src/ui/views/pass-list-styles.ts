import { css } from 'lit';

/** How the list of passes is laid out. */
export const passListStyles = css`
  h4 {
    margin: 12px 0 2px;
    font-size: 12px;
    font-weight: 600;
    color: var(--muted);
  }
  .pass {
    padding: 5px 0;
    border-top: 1px solid var(--line);
  }
  h4 + ul > .pass:first-child {
    border-top: 0;
  }
  .head {
    display: flex;
    align-items: center;
    gap: 8px;
  }
  .head > input {
    flex: none;
  }
  .head > .title {
    flex: 1;
    min-width: 0;
    min-height: 22px;
    padding: 0;
    border: 0;
    text-align: left;
    white-space: normal;
    overflow-wrap: anywhere;
    background: none;
  }
  .head > .title::before {
    content: '▸ ';
    color: var(--muted);
  }
  .head > .title[aria-expanded='true']::before {
    content: '▾ ';
  }
  .badges {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 2px 8px;
    padding-left: 23px;
    font-size: 12px;
  }
  .more {
    margin: 4px 0 4px 23px;
    font-size: 12px;
  }
  .more .lead {
    margin: 6px 0 2px;
    font-weight: 600;
  }
  .site {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto;
    align-items: start;
    gap: 8px;
    padding: 3px 0;
    overflow-wrap: anywhere;
  }
  .declined {
    padding: 2px 0;
    overflow-wrap: anywhere;
  }
  .quiet {
    margin-top: 10px;
  }
`;
