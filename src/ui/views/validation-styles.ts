import { css } from 'lit';

/** The panel of validation: verdict, table and pictures side by side where there is room, else one below the other. */
export const validationStyles = css`
  :host {
    display: block;
    min-height: 0;
    overflow: auto;
    container-type: size;
    font-size: 13px;
  }
  .panes {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
  }
  .verdict,
  .detail {
    min-width: 0;
    padding: 8px 12px 12px;
  }
  .lists {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    min-width: 0;
    height: 320px;
    border: solid var(--line);
    border-width: 1px 0;
  }
  /* Verdict over pictures, beside a table that stays in view. */
  @container (min-width: 700px) {
    .panes {
      grid-template-columns: minmax(240px, 300px) minmax(0, 1fr);
      grid-template-rows: auto 1fr;
    }
    .lists {
      position: sticky;
      top: 0;
      grid-area: 1 / 2 / 3 / 3;
      height: 100cqh;
      border-width: 0 0 0 1px;
    }
    .detail {
      border-top: 1px solid var(--line);
    }
  }
  @container (min-width: 1040px) {
    .panes {
      grid-template-columns: minmax(240px, 300px) minmax(0, 1fr) minmax(240px, 320px);
      grid-template-rows: 100cqh;
    }
    .verdict,
    .detail {
      overflow: auto;
    }
    .lists {
      grid-area: auto;
    }
    .detail {
      border: 0;
      border-left: 1px solid var(--line);
    }
  }
  @container (min-width: 1400px) {
    .panes {
      grid-template-columns: 300px minmax(0, 1fr) 500px;
    }
  }
  h3 {
    margin: 0 0 4px;
    font-size: 13px;
    font-weight: 600;
  }
  h3 .sign {
    display: inline-block;
    min-width: 16px;
    margin-right: 4px;
    font-weight: 700;
  }
  .verdict[data-status='failed'] h3 .sign {
    color: var(--bad-text);
  }
  .verdict[data-status='exact'] h3 .sign,
  .verdict[data-status='within'] h3 .sign {
    color: var(--good);
  }
  p {
    margin: 0 0 4px;
    overflow-wrap: anywhere;
  }
  ul {
    margin: 0 0 6px;
    padding: 0;
    list-style: none;
  }
  li {
    overflow-wrap: anywhere;
  }
  .findings li {
    padding-left: 8px;
    box-shadow: inset 3px 0 0 var(--line-strong);
  }
  .findings li + li {
    margin-top: 4px;
  }
  .findings li[data-severity='error'] {
    box-shadow: inset 3px 0 0 var(--bad);
  }
  .findings li[data-severity='warning'] {
    box-shadow: inset 3px 0 0 var(--warn);
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 6px;
    margin: 6px 0;
  }
  .switch {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px;
    padding: 4px 8px 0;
  }
  .switch button[aria-pressed='true'],
  .row button[aria-pressed='true'] {
    border-color: var(--text);
    background: var(--hover);
  }
  error-table {
    min-height: 0;
  }
  progress {
    width: 100%;
    height: 6px;
    accent-color: var(--text);
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 10px;
    font-size: 12px;
  }
  .legend li {
    display: flex;
    align-items: center;
    gap: 5px;
    white-space: nowrap;
  }
  .swatch {
    width: 12px;
    height: 12px;
    border: 1px solid var(--line-strong);
    border-radius: 2px;
  }
  .stale {
    padding-left: 8px;
    box-shadow: inset 3px 0 0 var(--warn);
  }
  .start {
    max-width: 560px;
    padding: 12px;
  }
`;
