import { css } from 'lit';

/** How the dialog for calibration is laid out. */
export const calibrateDialogStyles = css`
  dialog {
    width: min(480px, calc(100vw - 32px));
    padding: 16px 20px;
    border: 1px solid var(--line-strong);
    border-radius: 6px;
    color: inherit;
    background: var(--raised);
    box-shadow: var(--shadow);
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 0.35);
  }
  header {
    display: flex;
    align-items: center;
    justify-content: space-between;
    margin-bottom: 6px;
  }
  h2 {
    margin: 0;
    font-size: 14px;
  }
  .drop {
    display: grid;
    place-items: center;
    min-height: 84px;
    margin: 8px 0 12px;
    padding: 12px;
    border: 2px dashed var(--line-strong);
    border-radius: 6px;
    text-align: center;
    overflow-wrap: anywhere;
    cursor: pointer;
  }
  .drop.hovering,
  .drop:hover {
    background: var(--hover);
  }
  .drop:focus-within {
    outline: 2px solid var(--focus);
    outline-offset: 1px;
  }
  /* Reached by the keyboard, shown by its label. */
  .drop input {
    position: absolute;
    width: 1px;
    height: 1px;
    min-height: 0;
    padding: 0;
    opacity: 0;
  }
  .fields {
    display: grid;
    gap: 8px;
    margin-bottom: 10px;
  }
  .field {
    display: grid;
    grid-template-columns: 80px minmax(0, 1fr);
    align-items: center;
  }
  .warning {
    margin: 0;
    padding-left: 10px;
    box-shadow: inset 3px 0 0 var(--warn);
    font-size: 12px;
  }
  job-card {
    margin-top: 12px;
    box-shadow: none;
  }
  footer {
    margin-top: 14px;
  }
`;
