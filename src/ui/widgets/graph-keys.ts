import type { Direction } from './graph-walk.ts';

/** What a key does in a graph view. Lengths are in screen pixels. */
export interface KeyTarget {
  walk(direction: Direction): void;
  /** To the first or last box. */
  walkToEnd(last: boolean): void;
  panBy(dx: number, dy: number): void;
  page(down: boolean): void;
  zoomBy(factor: number): void;
  zoomTo(scale: number): void;
  fit(): void;
  /** False when nothing is selected. */
  activateSelected(): boolean;
}

export const ZOOM_STEP = 1.3;
const PAN_STEP = 60;
const SIDEWAYS: Readonly<Record<Direction, readonly [number, number]>> = {
  up: [0, PAN_STEP],
  down: [0, -PAN_STEP],
  left: [PAN_STEP, 0],
  right: [-PAN_STEP, 0],
};

/** Does what the key says. False where it means nothing here, so that the page may have it. */
export function obeyKey(event: KeyboardEvent, target: KeyTarget): boolean {
  const { key, shiftKey } = event;
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (key.startsWith('Arrow')) {
    const direction = key.slice(5).toLowerCase() as Direction;
    if (shiftKey) target.panBy(...SIDEWAYS[direction]);
    else target.walk(direction);
    return true;
  }
  if (key === 'Enter') return target.activateSelected();
  const act = ACTIONS[key];
  act?.(target);
  return act !== undefined;
}

const ACTIONS: Readonly<Record<string, (target: KeyTarget) => void>> = {
  f: (target) => {
    target.fit();
  },
  '+': (target) => {
    target.zoomBy(ZOOM_STEP);
  },
  '=': (target) => {
    target.zoomBy(ZOOM_STEP);
  },
  '-': (target) => {
    target.zoomBy(1 / ZOOM_STEP);
  },
  '0': (target) => {
    target.zoomTo(1);
  },
  PageUp: (target) => {
    target.page(false);
  },
  PageDown: (target) => {
    target.page(true);
  },
  Home: (target) => {
    target.walkToEnd(false);
  },
  End: (target) => {
    target.walkToEnd(true);
  },
};
