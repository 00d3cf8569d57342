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
  .upper.with-lab {
    grid-template-columns: 340px minmax(0, 1fr) 320px;
  }
  .upper > outline-view,
  .upper > lab-view {
    border-right: 1px solid var(--line);
  }
  .upper > inspector-view {
    border-left: 1px solid var(--line);
  }
  outline-view:focus-visible,
  lab-view:focus-visible,
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
  /* Said for some seconds after something was done by a key; the list of steps keeps it. */
  .notice {
    position: fixed;
    bottom: 56px;
    left: 50%;
    z-index: 2;
    max-width: min(560px, calc(100% - 24px));
    margin: 0;
    transform: translateX(-50%);
    pointer-events: none;
  }
  .notice > span {
    display: block;
    padding: 6px 12px;
    border-radius: 4px;
    color: var(--surface);
    background: var(--text);
    box-shadow: var(--shadow);
    overflow-wrap: anywhere;
    animation: leave 6s forwards;
  }
  @keyframes leave {
    95% {
      opacity: 1;
      visibility: visible;
    }
    100% {
      opacity: 0;
      visibility: hidden;
    }
  }
  @media (min-width: 1600px) {
    .upper {
      grid-template-columns: 280px minmax(0, 1fr) 400px;
    }
    .upper.with-lab {
      grid-template-columns: 400px minmax(0, 1fr) 400px;
    }
  }
  /* Outline over inspector, so that each graph keeps the width that reading it takes. */
  @media (min-width: 900px) and (max-width: 1199px) {
    .upper {
      grid-template-columns: 264px minmax(0, 1fr);
      grid-template-rows: minmax(0, 2fr) minmax(0, 3fr);
    }
    .upper.with-lab {
      grid-template-columns: 320px minmax(0, 1fr);
      grid-template-rows: minmax(0, 3fr) minmax(0, 2fr);
    }
    .upper > graph-pair {
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
    .upper,
    .upper.with-lab {
      grid-template-columns: minmax(0, 1fr);
    }
    .notice {
      bottom: 108px;
    }
    .upper > outline-view,
    .upper > lab-view,
    .upper > inspector-view {
      border: 0;
    }
    .upper > :not(.shown) {
      display: none;
    }
  }
`;
