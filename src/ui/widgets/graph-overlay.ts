import type { TemplateResult } from 'lit';
import { html } from 'lit';
import type { Size } from './graph-camera.ts';
import { ZOOM_STEP } from './graph-keys.ts';
import type { KeyTarget } from './graph-keys.ts';
import { inlineStyle } from './inline-style.ts';

/** A tooltip and where it stands, in pixels from the view's top left corner. */
export interface Tip {
  readonly lines: readonly string[];
  readonly left: number;
  readonly top: number;
}

/** Room that a tooltip is given, in pixels. */
const ROOM = { width: 300, height: 150, gap: 14 };

/** Left of and above the pointer where the tooltip would else leave the view. */
export const besidePointer = (
  x: number,
  y: number,
  view: Size,
): { readonly left: number; readonly top: number } => ({
  left: x > view.width / 2 ? Math.max(4, x - ROOM.width) : x + ROOM.gap,
  top: y > view.height - ROOM.height ? Math.max(4, y - ROOM.height) : y + ROOM.gap,
});

/** What the pointer is over; screen readers get the same from the live region. */
export const tooltip = (tip: Tip | null): TemplateResult =>
  html`<div
    class="tip"
    ?hidden=${tip === null}
    aria-hidden="true"
    ${inlineStyle({ transform: `translate(${tip?.left ?? 0}px, ${tip?.top ?? 0}px)` })}
  >
    ${tip?.lines.map((line) => html`<div>${line}</div>`)}
  </div>`;

/** Zoom by mouse and touch; the keys do the same. */
export function zoomButtons(target: KeyTarget): TemplateResult {
  const button = (text: string, words: string, act: () => void): TemplateResult =>
    html`<button type="button" title=${words} aria-label=${words} @click=${act}>${text}</button>`;
  return html`<div class="zoom" role="group" aria-label="Zoom">
    ${button('−', 'Zoom out (-)', () => {
      target.zoomBy(1 / ZOOM_STEP);
    })}
    ${button('1:1', 'Actual size (0)', () => {
      target.zoomTo(1);
    })}
    ${button('+', 'Zoom in (+)', () => {
      target.zoomBy(ZOOM_STEP);
    })}
  </div>`;
}
