import type { SceneEdge } from '../../api/scene.ts';
import type { Precision } from '../../core/sim/predicted-engine.ts';
import type { GraphTheme } from './graph-theme.ts';

/** What a path is drawn into: a Path2D, or a context when nothing is kept. */
interface Pen {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  bezierCurveTo(ax: number, ay: number, bx: number, by: number, x: number, y: number): void;
}

/** Line widths grow with the bytes that an edge moves, so that its type shows without colour too. */
const WIDTH: Readonly<Record<Precision, number>> = {
  int4: 1.2,
  int8: 1.6,
  fp8: 1.6,
  fp16: 2.3,
  bf16: 2.3,
  fp32: 3,
  other: 1.6,
};
const PLAIN_WIDTH = 1.5;
const ARROW_LENGTH = 6;
const ARROW_HALF = 3.5;

/** Paths of the edges of one scene, made when first seen. */
export class EdgePaths {
  private readonly paths = new Map<number, Path2D>();
  private readonly edges: readonly SceneEdge[];

  constructor(edges: readonly SceneEdge[]) {
    this.edges = edges;
  }

  path(number: number): Path2D {
    let path = this.paths.get(number);
    if (path === undefined) {
      path = new Path2D();
      traceCurve(path, this.edges[number]!.points);
      this.paths.set(number, path);
    }
    return path;
  }
}

/** Vertical at every point, so that curves bend only between layers. */
function traceCurve(pen: Pen, points: readonly number[]): void {
  if (points.length < 4) return;
  pen.moveTo(points[0]!, points[1]!);
  for (let i = 2; i < points.length; i += 2) {
    const [x0, y0, x1, y1] = [points[i - 2]!, points[i - 1]!, points[i]!, points[i + 1]!];
    const middle = (y0 + y1) / 2;
    if (x0 === x1) pen.lineTo(x1, y1);
    else pen.bezierCurveTo(x0, middle, x1, middle, x1, y1);
  }
}

/** The straight lines through the points: enough when bends are smaller than a few pixels. */
export function traceLines(pen: Pen, points: readonly number[]): void {
  if (points.length < 4) return;
  pen.moveTo(points[0]!, points[1]!);
  for (let i = 2; i < points.length; i += 2) pen.lineTo(points[i]!, points[i + 1]!);
}

export const edgeColour = (edge: SceneEdge, theme: GraphTheme): string =>
  edge.precision === undefined ? theme.edge : theme.precision[edge.precision];

export const edgeWidth = (edge: SceneEdge): number =>
  edge.precision === undefined ? PLAIN_WIDTH : WIDTH[edge.precision];

/** The head of the arrow, pointing the way that the last piece of the edge goes. */
export function fillArrow(context: CanvasRenderingContext2D, edge: SceneEdge): void {
  const { points } = edge;
  if (points.length < 4) return;
  const x = points[points.length - 2]!;
  const y = points[points.length - 1]!;
  const back = y >= points[points.length - 3]! ? -ARROW_LENGTH : ARROW_LENGTH;
  const half = ARROW_HALF + edgeWidth(edge) / 3;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x - half, y + back);
  context.lineTo(x + half, y + back);
  context.fill();
}
