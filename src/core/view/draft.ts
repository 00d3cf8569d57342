import { layeredLayout } from './layout/layered-layout.ts';
import type { Scene, SceneBadge, SceneBox, SceneEdge } from './scene.ts';

/** A box before it has a place. */
export type DraftBox = Omit<SceneBox, 'x' | 'y' | 'width' | 'height'>;
export type DraftBadge = Omit<SceneBadge, 'x' | 'y'>;
export type DraftEdge = Omit<SceneEdge, 'points' | 'badges'> & {
  readonly badges: readonly DraftBadge[];
};

/** A drawing before layout. */
export interface Draft {
  readonly boxes: readonly DraftBox[];
  readonly edges: readonly DraftEdge[];
}

/** Sizes that the painter draws by, in scene units. Text widths are those of 12 and 11 px system fonts. */
export const BADGE_HEIGHT = 16;
const BADGE_STEP = 20;
const BADGE_FIRST = 16;
const BADGE_ROOM = 4;
const LINE_SLOT = 14;
const TITLE_ADVANCE = 8.3;
const NAME_ADVANCE = 6.7;
const SIGN_WIDTH = 34;
/** Kinds that show a precision: their own, or that of the engine layer that runs them. */
const SIGNED: ReadonlySet<string> = new Set(['compute', 'reformat', 'qdq', 'shape']);
/** The warning mark of a quantizer that stays, and the wider band of hatch. */
const MARK_WIDTH = 22;
const LEAST_WIDTH = 128;
const MOST_WIDTH = 264;

/** Width of a badge by its text. */
export const badgeWidth = (text: string): number => 12 + 8 * text.length;

function boxSize(box: DraftBox, slots: number): { width: number; height: number } {
  if (box.kind === 'badge') return { width: badgeWidth(box.title), height: BADGE_HEIGHT };
  const sign = (SIGNED.has(box.kind) ? SIGN_WIDTH : 0) + (box.kind === 'qdq' ? MARK_WIDTH : 0);
  const text = Math.max(
    box.title.length * TITLE_ADVANCE + sign,
    box.subtitle.length * NAME_ADVANCE,
  );
  const width = Math.max(LEAST_WIDTH, slots + 16, Math.min(MOST_WIDTH, text + 28));
  return { width: 2 * Math.ceil(width / 2), height: box.subtitle === '' ? 28 : 44 };
}

/** Gives every box and edge of a draft its place. Edges whose ends are not in the draft must not occur. */
export function layoutDraft(draft: Draft): Scene {
  const indexOf = new Map(draft.boxes.map((box, i) => [box.id, i]));
  const nets = new Map<string, number>();
  const slots = new Float64Array(draft.boxes.length);
  const edges = draft.edges.map((edge) => {
    const slot = Math.max(LINE_SLOT, ...edge.badges.map((badge) => badgeWidth(badge.text) + 6));
    const to = indexOf.get(edge.to)!;
    slots[to] = slots[to]! + slot;
    const key = `${edge.from}\n${edge.label}`;
    let net = nets.get(key);
    if (net === undefined) nets.set(key, (net = nets.size));
    const badges = edge.badges.length;
    const headroom = badges === 0 ? 0 : BADGE_STEP * badges + BADGE_ROOM;
    return { from: indexOf.get(edge.from)!, to, net, slot, headroom };
  });
  const boxes = draft.boxes.map((box, i) => boxSize(box, slots[i]!));
  const layout = layeredLayout({ boxes, edges });
  const placed = draft.boxes.map((box, i) => ({
    ...box,
    ...boxes[i]!,
    x: layout.x[i]!,
    y: layout.y[i]!,
  }));
  placed.sort((a, b) => a.y - b.y || a.x - b.x);
  return {
    width: layout.width,
    height: layout.height,
    boxes: placed,
    edges: draft.edges.map((edge, i) => placeBadges(edge, layout.routes[i]!)),
  };
}

/** Badges sit on the last, vertical piece of their edge; the one nearest to the consumer is the last of the list. */
function placeBadges(edge: DraftEdge, points: readonly number[]): SceneEdge {
  const x = points[points.length - 2] ?? 0;
  const end = points[points.length - 1] ?? 0;
  const badges = edge.badges.map((badge, i) => ({
    ...badge,
    x,
    y: end - BADGE_FIRST - BADGE_STEP * (edge.badges.length - 1 - i),
  }));
  return { ...edge, points, badges };
}
