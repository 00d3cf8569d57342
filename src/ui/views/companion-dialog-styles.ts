import { css } from 'lit';

/** What the dialog for building has beyond the other dialogs. */
export const companionDialogStyles = css`
  dialog {
    max-height: calc(100dvh - 32px);
    overflow: auto;
  }
  .machine {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 4px 16px;
    margin: 4px 0 12px;
    padding: 10px 12px;
    border: 1px solid var(--line);
    border-radius: 4px;
    background: var(--panel);
  }
  dt {
    color: var(--muted);
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  .command {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 8px;
    padding: 6px 6px 6px 12px;
    border: 1px solid var(--line);
    border-radius: 4px;
    background: var(--panel);
  }
  .fields {
    margin-top: 12px;
  }
  .field {
    grid-template-columns: minmax(80px, 1fr) minmax(0, 2fr);
    gap: 8px;
  }
  .help {
    grid-column: 2;
    font-size: 12px;
  }
  .warning {
    margin-bottom: 8px;
  }
  .backends {
    display: grid;
    gap: 4px;
    margin-top: 10px;
    font-size: 12px;
  }
  progress {
    display: block;
    width: 100%;
    height: 6px;
    margin: 8px 0;
    accent-color: var(--text);
  }
`;
