import { css } from 'lit';

/** Styles of `<graph-view>`. Colours are the page's custom properties. */
export const graphViewStyles = css`
  :host {
    display: block;
    position: relative;
    overflow: hidden;
    background: var(--surface, #f6f7f9);
  }
  .stage,
  .stage > canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
  }
  .stage {
    touch-action: none;
    cursor: grab;
    user-select: none;
  }
  .stage.pointing {
    cursor: pointer;
  }
  .stage:active {
    cursor: grabbing;
  }
  .stage:focus-visible {
    outline: 2px solid var(--focus, #1b1e23);
    outline-offset: -2px;
  }
  .minimap {
    position: absolute;
    top: 8px;
    right: 8px;
    width: 40px;
    height: calc(100% - 56px);
    border: 1px solid var(--line, #dde1e7);
    border-radius: 4px;
    touch-action: none;
    cursor: ns-resize;
  }
  .zoom {
    position: absolute;
    right: 8px;
    bottom: 8px;
    display: flex;
    border: 1px solid var(--line-strong, #aab2be);
    border-radius: 4px;
    overflow: hidden;
    background: var(--raised, #fff);
  }
  .zoom button {
    min-width: 30px;
    min-height: 28px;
    padding: 0 6px;
    border: 0;
    border-right: 1px solid var(--line, #dde1e7);
    font: 600 13px/1 var(--sans, system-ui, sans-serif);
    font-variant-numeric: tabular-nums;
    color: var(--text, #1b1e23);
    background: none;
    cursor: pointer;
  }
  .zoom button:last-child {
    border-right: 0;
  }
  .zoom button:hover {
    background: var(--hover, #eceff3);
  }
  .zoom button:focus-visible {
    outline: 2px solid var(--focus, #1b1e23);
    outline-offset: -2px;
  }
  .tip {
    position: absolute;
    top: 0;
    left: 0;
    z-index: 1;
    max-width: min(360px, 90%);
    padding: 6px 8px;
    border: 1px solid var(--line-strong, #aab2be);
    border-radius: 4px;
    font: 11px/1.5 var(--mono, monospace);
    color: var(--text, #1b1e23);
    background: var(--raised, #fff);
    box-shadow: var(--shadow, 0 4px 16px rgb(20 26 36 / 0.16));
    overflow-wrap: anywhere;
    pointer-events: none;
  }
  .tip > :first-child {
    font: 600 12px/1.5 var(--sans, system-ui, sans-serif);
  }
  .said {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  [hidden] {
    display: none;
  }
  @media (pointer: coarse) {
    .zoom button {
      min-width: 44px;
      min-height: 44px;
    }
  }
`;
