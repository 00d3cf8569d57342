import type { SceneBadge, SceneBox } from '../../api/scene.ts';
import type { Precision } from '../../core/sim/predicted-engine.ts';
import type { HeatMark } from '../state/error-heat.ts';
import { worstMark } from '../state/error-heat.ts';
import { PRECISION_SIGN } from '../state/precision-text.ts';
import type { BoxTint } from './graph-boxes.ts';
import { BoxPainter } from './graph-boxes.ts';
import type { Camera, Size } from './graph-camera.ts';
import { EdgePaths, edgeColour, edgeWidth, fillArrow, traceLines } from './graph-edges.ts';
import type { GraphIndex, GraphItem } from './graph-index.ts';
import type { GraphTheme } from './graph-theme.ts';

/** From this zoom on texts are drawn; below, only signs; below the second, plain blocks of colour. */
const TEXT_SCALE = 0.42;
const SIGN_SCALE = 0.2;
const ARROW_SCALE = 0.3;
const EDGE_SCALE = 0.02;
/** What is not looked for fades to this. */
const FADED = 0.28;

/** What a frame shows. Ids are those of graph items. */
export interface FrameState {
  readonly camera: Camera;
  readonly size: Size;
  readonly pixelRatio: number;
  readonly selected: string | null;
  readonly hovered: string | null;
  /** Number of the edge under the pointer, -1 for none. */
  readonly hoveredEdge: number;
  readonly highlighted: ReadonlySet<string>;
  readonly matches: ReadonlySet<string>;
  /** Boxes that another drawing has not so. */
  readonly differing: ReadonlySet<string>;
  /** Precision by node name, for scenes that do not say it themselves. */
  readonly tints: ReadonlyMap<string, Precision>;
  /** Errors by node name: while there are any, they are shown in the place of precisions. */
  readonly heat: ReadonlyMap<string, HeatMark>;
  /** The same by the id of the box: while there are any, they go first. */
  readonly boxHeat: ReadonlyMap<string, HeatMark>;
}

/** How much a frame had to draw. */
export interface FrameCount {
  readonly boxes: number;
  readonly edges: number;
}

/** Draws frames of one scene in one theme. */
export class GraphPainter {
  private readonly context: CanvasRenderingContext2D;
  private readonly index: GraphIndex;
  private readonly theme: GraphTheme;
  private readonly boxes: BoxPainter;
  private readonly paths: EdgePaths;

  constructor(context: CanvasRenderingContext2D, index: GraphIndex, theme: GraphTheme) {
    this.context = context;
    this.index = index;
    this.theme = theme;
    this.boxes = new BoxPainter(context, theme);
    this.paths = new EdgePaths(index.scene.edges);
  }

  draw(state: FrameState): FrameCount {
    const { context, theme } = this;
    const { camera, size, pixelRatio } = state;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.globalAlpha = 1;
    context.fillStyle = theme.background;
    context.fillRect(0, 0, context.canvas.width, context.canvas.height);
    const scale = camera.scale * pixelRatio;
    context.setTransform(scale, 0, 0, scale, -camera.x * scale, -camera.y * scale);
    const top = camera.y - 8;
    const bottom = camera.y + size.height / camera.scale + 8;
    const right = camera.x + size.width / camera.scale;
    const boxes = this.index
      .boxesBetween(top, bottom)
      .filter((box) => box.x + box.width / 2 >= camera.x && box.x - box.width / 2 <= right);
    const edges = camera.scale < EDGE_SCALE ? [] : this.index.edgesBetween(top, bottom);
    this.drawGroups(state, top, bottom);
    this.drawEdges(edges, state);
    if (camera.scale < SIGN_SCALE) this.drawBlocks(boxes, state);
    else this.drawBoxes(boxes, state);
    if (camera.scale >= SIGN_SCALE) this.drawBadges(edges, state);
    if (state.differing.size > 0) this.drawDeltas(boxes, state);
    this.drawRings(state, boxes);
    return { boxes: boxes.length, edges: edges.length };
  }

  /** Number of the edge whose line passes within 5 screen pixels of a scene point, -1 for none. */
  edgeAt(x: number, y: number, camera: Camera): number {
    const { context } = this;
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.lineWidth = 10 / camera.scale;
    const hit = this.index
      .edgesBetween(y, y)
      .find((number) => context.isPointInStroke(this.paths.path(number), x, y));
    context.restore();
    return hit ?? -1;
  }

  /** One outline around linked boxes and the edges between them: first the rim, then the field on top of it. */
  private drawGroups(state: FrameState, top: number, bottom: number): void {
    if (state.highlighted.size === 0) return;
    const { context, index, theme } = this;
    const items = [...state.highlighted]
      .map((id) => index.item(id))
      .filter((item) => item !== undefined)
      .filter((item) => item.y + item.height > top && item.y - item.height < bottom);
    const least = 2 / state.camera.scale;
    const edges = index
      .edgesBetween(top, bottom)
      .filter((number) => this.joinsHighlighted(number, state.highlighted));
    for (const [grow, colour] of [
      [7.5 + least / 2, theme.accent],
      [6 + least / 4, theme.group],
    ] as const) {
      context.fillStyle = context.strokeStyle = colour;
      context.lineWidth = 2 * grow;
      for (const number of edges) context.stroke(this.paths.path(number));
      for (const item of items) {
        context.beginPath();
        traceItem(context, item, grow);
        context.fill();
      }
    }
  }

  private joinsHighlighted(number: number, highlighted: ReadonlySet<string>): boolean {
    const { from, to, badges } = this.index.scene.edges[number]!;
    const ends = Number(highlighted.has(from)) + Number(highlighted.has(to));
    if (ends === 2) return true;
    return ends === 1 && badges.some(({ nodes }) => highlighted.has(nodes[0] ?? ''));
  }

  private drawEdges(edges: readonly number[], state: FrameState): void {
    const { context, theme } = this;
    const { scale } = state.camera;
    const detailed = scale >= SIGN_SCALE;
    const near = this.nearEdges(state);
    context.globalAlpha = state.matches.size > 0 ? 0.5 : 1;
    for (const number of edges) {
      const edge = this.index.scene.edges[number]!;
      const marked = near.has(edge) || number === state.hoveredEdge;
      const colour = marked ? theme.accent : edgeColour(edge, theme);
      context.strokeStyle = colour;
      context.lineWidth = Math.max(edgeWidth(edge) + (marked ? 0.75 : 0), 0.8 / scale);
      if (detailed) context.stroke(this.paths.path(number));
      else {
        context.beginPath();
        traceLines(context, edge.points);
        context.stroke();
      }
      if (scale < ARROW_SCALE) continue;
      context.fillStyle = colour;
      fillArrow(context, edge);
    }
    context.globalAlpha = 1;
  }

  /** Edges at the selected item: where the arrow keys lead. */
  private nearEdges({ selected }: FrameState): ReadonlySet<unknown> {
    if (selected === null) return new Set();
    const through = this.index.edgeOfBadge(selected);
    return new Set<unknown>([
      ...this.index.edgesInto(selected),
      ...this.index.edgesFrom(selected),
      ...(through ? [through] : []),
    ]);
  }

  private drawBoxes(boxes: readonly SceneBox[], state: FrameState): void {
    const full = state.camera.scale >= TEXT_SCALE;
    for (const box of boxes) {
      const look = {
        hovered: state.hovered === box.id,
        tint: tintOf(box, this.theme, state),
      };
      this.context.globalAlpha = this.alpha(box.id, state);
      if (full) this.boxes.drawFull(box, look);
      else this.boxes.drawBlock(box, look, state.camera.scale);
    }
    this.context.globalAlpha = 1;
  }

  private drawBadges(edges: readonly number[], state: FrameState): void {
    for (const number of edges) {
      for (const badge of this.index.scene.edges[number]!.badges) {
        const id = badge.nodes[0] ?? '';
        this.context.globalAlpha = this.alpha(id, state);
        this.boxes.drawBadge(badge, {
          hovered: state.hovered === id,
          tint: this.badgeTint(badge, state),
        });
      }
    }
    this.context.globalAlpha = 1;
  }

  /** Quantizers have no precision to show, only errors. */
  private badgeTint({ nodes }: SceneBadge, { heat }: FrameState): BoxTint | undefined {
    return heat.size === 0 ? undefined : markTint(worstMark(nodes, heat), this.theme);
  }

  /** The sign of what differs: never smaller than can be seen, and in no colour that means anything else. */
  private drawDeltas(boxes: readonly SceneBox[], state: FrameState): void {
    const size = Math.max(14, 9 / state.camera.scale);
    for (const box of boxes) if (state.differing.has(box.id)) this.boxes.drawDelta(box, size);
  }

  private alpha(id: string, { matches, selected }: FrameState): number {
    return matches.size === 0 || matches.has(id) || id === selected ? 1 : FADED;
  }

  /** Thousands of boxes at once: plain rectangles, colour by colour, one a pixel row and column at most. */
  private drawBlocks(boxes: readonly SceneBox[], state: FrameState): void {
    const { context, theme } = this;
    const least = 1 / state.camera.scale;
    const byColour = new Map<string, SceneBox[]>();
    for (const box of boxes) {
      const colour = blockColour(box, theme, state);
      const list = byColour.get(colour);
      const last = list?.at(-1);
      if (box.x === last?.x && box.y - last.y < least / 2) continue;
      if (list === undefined) byColour.set(colour, [box]);
      else list.push(box);
    }
    context.globalAlpha = state.matches.size > 0 ? FADED : 1;
    for (const [colour, list] of byColour) {
      context.fillStyle = colour;
      for (const { x, y, width, height } of list) {
        const h = Math.max(height, least);
        context.fillRect(x - width / 2, y - h / 2, width, h);
      }
    }
    context.globalAlpha = 1;
  }

  /** Rings around what was found and what is selected: never narrower than two screen pixels, never too small to see. */
  private drawRings(state: FrameState, boxes: readonly SceneBox[]): void {
    const { context, theme } = this;
    const pixel = 1 / state.camera.scale;
    context.lineWidth = Math.max(2, 1.5 * pixel);
    context.strokeStyle = theme.match;
    if (state.matches.size > 0) {
      for (const { id } of boxes)
        if (state.matches.has(id)) this.ring(this.index.item(id), 3, pixel);
    }
    if (state.selected === null) return;
    context.lineWidth = Math.max(2.5, 2 * pixel);
    context.strokeStyle = theme.accent;
    this.ring(this.index.item(state.selected), 4, pixel);
  }

  private ring(item: GraphItem | undefined, gap: number, pixel: number): void {
    if (item === undefined) return;
    const least = 8 * pixel;
    const grow = Math.max(gap, (least - Math.min(item.width, item.height)) / 2);
    this.context.beginPath();
    traceItem(this.context, item, grow);
    this.context.stroke();
  }
}

function traceItem(context: CanvasRenderingContext2D, item: GraphItem, grow: number): void {
  const pill = item.badge !== undefined || item.box?.kind === 'badge' || item.box?.kind === 'io';
  const [width, height] = [item.width + 2 * grow, item.height + 2 * grow];
  const radius = pill ? height / 2 : 6 + grow;
  context.roundRect(item.x - width / 2, item.y - height / 2, width, height, radius);
}

/** A box's own precision, else that of its main node. */
export function precisionOf(
  box: SceneBox,
  tints: ReadonlyMap<string, Precision>,
): Precision | undefined {
  return box.precision ?? (tints.size === 0 ? undefined : tints.get(box.nodes[0] ?? ''));
}

export type Tinting = Pick<FrameState, 'tints' | 'heat' | 'boxHeat'>;

/** The colour and sign of a box: its error while errors are shown, else its precision. */
export function tintOf(box: SceneBox, theme: GraphTheme, tinting: Tinting): BoxTint | undefined {
  const { tints, heat, boxHeat } = tinting;
  if (heat.size > 0 || boxHeat.size > 0) return markTint(markOf(box, tinting), theme);
  // A pill among boxes says what it is by its title.
  if (box.kind === 'badge') return undefined;
  const precision = precisionOf(box, tints);
  return precision && { colour: theme.precision[precision], sign: PRECISION_SIGN[precision] };
}

/** The mark of a box: its own, else the worst among its nodes. */
export const markOf = (
  { id, nodes }: SceneBox,
  { heat, boxHeat }: Pick<Tinting, 'heat' | 'boxHeat'>,
): HeatMark | undefined => (boxHeat.size > 0 ? boxHeat.get(id) : worstMark(nodes, heat));

const markTint = (mark: HeatMark | undefined, theme: GraphTheme): BoxTint | undefined =>
  mark && { colour: theme.heat[mark.level] ?? theme.border, sign: mark.sign };

/** The one colour that stands for a box where nothing else of it can be seen. */
export function blockColour(box: SceneBox, theme: GraphTheme, tinting: Tinting): string {
  if (tinting.boxHeat.size > 0) return tintOf(box, theme, tinting)?.colour ?? theme.border;
  // No precision has the colour of text: what should not be there shows from afar.
  if (box.kind === 'qdq') return theme.text;
  if (box.kind === 'reformat' || box.kind === 'noop') return theme.hatch;
  return tintOf(box, theme, tinting)?.colour ?? theme.border;
}
