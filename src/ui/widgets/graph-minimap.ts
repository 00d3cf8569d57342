import type { Camera, Size } from './graph-camera.ts';
import type { GraphIndex } from './graph-index.ts';
import type { Tinting } from './graph-painter.ts';
import { blockColour } from './graph-painter.ts';
import type { GraphTheme } from './graph-theme.ts';

/** What a minimap shows beside the boxes. */
export interface MinimapState extends Tinting {
  readonly camera: Camera;
  /** Size of the view that the minimap belongs to. */
  readonly view: Size;
  readonly selected: string | null;
  readonly matches: ReadonlySet<string>;
}

/**
 * The whole scene as a narrow strip, squeezed both ways: for a deep network it is a barcode of precisions. Boxes are
 * drawn once and kept; a frame adds only the marks.
 */
export class Minimap {
  private readonly canvas: HTMLCanvasElement;
  private readonly index: GraphIndex;
  private readonly theme: GraphTheme;
  private kept: OffscreenCanvas | undefined;
  private keptFor: Tinting | undefined;

  constructor(canvas: HTMLCanvasElement, index: GraphIndex, theme: GraphTheme) {
    this.canvas = canvas;
    this.index = index;
    this.theme = theme;
  }

  draw(state: MinimapState): void {
    const { canvas, theme, index } = this;
    const context = canvas.getContext('2d')!;
    const { width, height } = canvas;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(this.boxes(state), 0, 0);
    const [kx, ky] = [width / index.scene.width, height / index.scene.height];
    const mark = (id: string, colour: string): void => {
      const item = index.item(id);
      if (item === undefined) return;
      const h = Math.max(3, item.height * ky);
      context.fillStyle = colour;
      context.fillRect(0, item.y * ky - h / 2, width, h);
    };
    for (const id of state.matches) mark(id, theme.match);
    if (state.selected !== null) mark(state.selected, theme.accent);
    const { camera, view } = state;
    const left = Math.max(0, camera.x * kx);
    const right = Math.min(width, (camera.x + view.width / camera.scale) * kx);
    const h = Math.max(6, (view.height / camera.scale) * ky);
    context.lineWidth = 2;
    context.strokeStyle = theme.text;
    context.strokeRect(left + 1, camera.y * ky + 1, Math.max(4, right - left - 2), h - 2);
  }

  /** The scene point under a point of the strip, given as shares of its width and height. */
  pointAt(fx: number, fy: number): { x: number; y: number } {
    return { x: fx * this.index.scene.width, y: fy * this.index.scene.height };
  }

  private boxes(tinting: Tinting): OffscreenCanvas {
    const { width, height } = this.canvas;
    const same = this.kept?.width === width && this.kept.height === height;
    if (this.kept !== undefined && same && isSame(tinting, this.keptFor)) return this.kept;
    const kept = new OffscreenCanvas(Math.max(1, width), Math.max(1, height));
    const context = kept.getContext('2d')!;
    const { scene } = this.index;
    context.fillStyle = this.theme.background;
    context.fillRect(0, 0, width, height);
    const [kx, ky] = [width / scene.width, height / scene.height];
    for (const box of scene.boxes) {
      if (box.kind === 'badge') continue;
      context.fillStyle = blockColour(box, this.theme, tinting);
      const h = Math.max(1, box.height * ky);
      context.fillRect((box.x - box.width / 2) * kx, box.y * ky - h / 2, box.width * kx, h);
    }
    const { tints, heat, boxHeat } = tinting;
    this.keptFor = { tints, heat, boxHeat };
    return (this.kept = kept);
  }
}

const isSame = (a: Tinting, b: Tinting | undefined): boolean =>
  a.tints === b?.tints && a.heat === b.heat && a.boxHeat === b.boxHeat;
