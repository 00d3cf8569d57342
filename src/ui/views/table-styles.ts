import { css } from 'lit';

/** What the tables of the drawer share: a head of sort buttons or labels over a virtual list of grid rows. */
export const tableStyles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    grid-template-rows: auto minmax(0, 1fr);
    min-height: 0;
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 8px;
    padding: 4px 12px;
    font-size: 12px;
  }
  .tools input[type='search'] {
    flex: 1 1 120px;
    min-width: 0;
    max-width: 280px;
  }
  .tools select {
    max-width: 220px;
  }
  .tools .grow {
    flex: 1;
  }
  .tools label {
    display: flex;
    align-items: center;
    gap: 4px;
  }
  .tools input[type='checkbox'] {
    min-height: 0;
    margin: 0;
    accent-color: var(--text);
  }
  .table {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    min-height: 0;
    overflow: auto hidden;
    border-top: 1px solid var(--line);
  }
  .table > * {
    min-width: 720px;
  }
  .head,
  .cells {
    display: grid;
    grid-template-columns: var(--columns);
    gap: 12px;
    width: 100%;
    padding: 0 12px;
    font-size: 12px;
    white-space: nowrap;
  }
  .head {
    color: var(--muted);
    border-bottom: 1px solid var(--line);
    line-height: 24px;
  }
  .head button {
    justify-self: start;
    min-height: 24px;
    padding: 0;
    border: 0;
    font-size: 12px;
    color: var(--muted);
    background: none;
  }
  .head button[aria-pressed='true'] {
    color: var(--text);
    font-weight: 600;
  }
  .cells > * {
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .empty {
    margin: 0;
    padding: 12px;
    color: var(--muted);
  }
`;
