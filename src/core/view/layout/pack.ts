import type { PartLayout } from './layout-graph.ts';

const MARGIN = 24;
const GAP = 48;
/** Shelves of small parts grow to this width before the next one is started. */
const LEAST_WIDTH = 1200;

export interface Packing {
  readonly offsets: readonly { readonly dx: number; readonly dy: number }[];
  readonly width: number;
  readonly height: number;
}

/** Puts parts beside one another on shelves, the tallest first, in a shape that a window can show. */
export function packParts(parts: readonly PartLayout[]): Packing {
  const size = (p: PartLayout): { w: number; h: number } => ({
    w: p.right - p.left,
    h: p.bottom - p.top,
  });
  const order = parts.map((_, i) => i);
  order.sort((a, b) => size(parts[b]!).h - size(parts[a]!).h || a - b);
  const limit = parts.reduce((most, p) => Math.max(most, size(p).w), LEAST_WIDTH);
  const offsets = parts.map(() => ({ dx: 0, dy: 0 }));
  let [x, y, shelf, width] = [0, 0, 0, 0];
  for (const i of order) {
    const part = parts[i]!;
    const { w, h } = size(part);
    if (x > 0 && x + w > limit) {
      x = 0;
      y += shelf + GAP;
      shelf = 0;
    }
    offsets[i] = { dx: MARGIN + x - part.left, dy: MARGIN + y - part.top };
    width = Math.max(width, x + w);
    shelf = Math.max(shelf, h);
    x += w + GAP;
  }
  return { offsets, width: width + 2 * MARGIN, height: y + shelf + 2 * MARGIN };
}
