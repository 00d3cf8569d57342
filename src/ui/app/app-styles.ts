import { css } from 'lit';

/** The frame of the window. Below 900 px one place is shown at a time, with tabs under it. */
export const appStyles = css`
  :host {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr) auto auto;
    grid-template-columns: minmax(0, 1fr);
    height: 100dvh;
    color: var(--text);
    background: var(--surface);
  }
  .window {
    position: relative;
    min-height: 0;
  }
  .window > split-view {
    height: 100%;
  }
  .upper {
    display: grid;
    grid-template-columns: 232px minmax(0, 1fr) 320px;
    grid-template-rows: minmax(0, 1fr);
  }
  .upper > outline-view {
    border-right: 1px solid var(--line);
  }
  .upper > inspector-view {
    border-left: 1px solid var(--line);
  }
  outline-view:focus-visible,
  inspector-view:focus-visible,
  drawer-view:focus-visible {
    outline-offset: -2px;
  }
  .over {
    position: absolute;
    top: 12px;
    left: 50%;
    z-index: 2;
    display: grid;
    gap: 8px;
    width: min(480px, calc(100% - 24px));
    transform: translateX(-50%);
  }
  .drop {
    position: fixed;
    inset: 8px;
    z-index: 3;
    display: grid;
    place-content: center;
    border: 2px dashed var(--text);
    border-radius: 8px;
    font-size: 16px;
    background: color-mix(in srgb, var(--surface) 88%, transparent);
    pointer-events: none;
  }
  @media (min-width: 1600px) {
    .upper {
      grid-template-columns: 280px minmax(0, 1fr) 400px;
    }
  }
  /* Outline over inspector, so that each graph keeps the width that reading it takes. */
  @media (min-width: 900px) and (max-width: 1199px) {
    .upper {
      grid-template-columns: 264px minmax(0, 1fr);
      grid-template-rows: minmax(0, 2fr) minmax(0, 3fr);
    }
    .upper > split-view {
      grid-area: 1 / 2 / 3 / 3;
    }
    .upper > inspector-view {
      grid-area: 2 / 1 / 3 / 2;
      border: 0;
      border-top: 1px solid var(--line);
      border-right: 1px solid var(--line);
    }
  }
  @media (max-width: 899px) {
    .upper {
      grid-template-columns: minmax(0, 1fr);
    }
    .upper > outline-view,
    .upper > inspector-view {
      border: 0;
    }
    .upper > :not(.shown) {
      display: none;
    }
  }
`;
