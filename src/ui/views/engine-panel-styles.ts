import { css } from 'lit';

/** The panel of built engines: the list of them beside the part on show where there is room, else above it. */
export const enginePanelStyles = css`
  :host {
    display: grid;
    min-height: 0;
    overflow: auto;
    container-type: size;
    font-size: 13px;
  }
  .panes {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    grid-template-rows: auto minmax(320px, 1fr);
    min-height: 100%;
  }
  .side {
    min-width: 0;
    padding: 6px 8px 8px;
    border-bottom: 1px solid var(--line);
  }
  .main {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    grid-template-rows: auto minmax(0, 1fr);
    min-width: 0;
    min-height: 0;
  }
  @container (min-width: 760px) {
    .panes {
      grid-template-columns: 232px minmax(0, 1fr);
      grid-template-rows: 100cqh;
    }
    .side {
      overflow: auto;
      border: 0;
      border-right: 1px solid var(--line);
    }
  }
  .engines {
    margin: 0 0 6px;
    padding: 0;
    list-style: none;
  }
  .engines li {
    display: flex;
    align-items: center;
  }
  .engines .name {
    flex: 1;
    display: grid;
    min-width: 0;
    padding: 3px 6px;
    font-size: 12px;
    text-align: left;
  }
  .engines .name[aria-pressed='true'] {
    border-color: var(--line-strong);
    background: var(--hover);
  }
  .engines .name > * {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .engines .close {
    flex: none;
    color: var(--muted);
  }
  .switch {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px;
    padding: 4px 8px;
    border-bottom: 1px solid var(--line);
  }
  .switch button[aria-pressed='true'] {
    border-color: var(--text);
    background: var(--hover);
  }
  /* The input itself takes the keyboard; the label is what is seen of it. */
  .pick {
    position: relative;
    display: inline-block;
  }
  .pick input {
    position: absolute;
    inset: 0;
    width: 100%;
    opacity: 0;
    cursor: pointer;
  }
  .pick span {
    display: inline-block;
    padding: 3px 10px;
    border: 1px solid var(--line);
    border-radius: 4px;
    background: var(--raised);
  }
  .pick:hover span {
    background: var(--hover);
  }
  .pick input:focus-visible + span {
    outline: 2px solid var(--focus);
    outline-offset: 1px;
  }
  .exports {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px;
    margin-top: 8px;
    font-size: 12px;
  }
  .exports span {
    margin: 0 4px 0 6px;
  }
  .start {
    max-width: 720px;
    padding: 12px;
  }
  .start p {
    margin: 0 0 8px;
  }
  pre {
    margin: 0 0 12px;
    padding: 8px;
    border: 1px solid var(--line);
    border-radius: 4px;
    overflow: auto;
    background: var(--surface);
  }
`;
