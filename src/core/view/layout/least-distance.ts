import type { Part } from './layout-graph.ts';

const BOX_GAP = 24;
const LINE_GAP = 14;
const DUMMY_WIDTH = 8;

/** How near the centres of two neighbours in a layer may come. Items beyond the boxes are dummies. */
export function leastDistance(part: Part, left: number, right: number): number {
  const [a, b] = [part.boxes[left]?.width, part.boxes[right]?.width];
  const gap = a !== undefined && b !== undefined ? BOX_GAP : LINE_GAP;
  return ((a ?? DUMMY_WIDTH) + (b ?? DUMMY_WIDTH)) / 2 + gap;
}
