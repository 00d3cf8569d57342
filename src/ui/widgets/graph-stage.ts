import type { Scene } from '../../api/scene.ts';
import { clampCamera, fitReadable } from './graph-camera.ts';
import type { Camera, Size } from './graph-camera.ts';
import { GraphIndex } from './graph-index.ts';
import type { GraphItem } from './graph-index.ts';
import { Minimap } from './graph-minimap.ts';
import { GraphMotion } from './graph-motion.ts';
import { GraphPainter } from './graph-painter.ts';
import type { FrameCount, FrameState } from './graph-painter.ts';
import { readTheme } from './graph-theme.ts';
import { nearestItem } from './graph-walk.ts';

/** The part of a frame that the stage does not know itself. */
export type Marks = Omit<FrameState, 'camera' | 'size' | 'pixelRatio'>;

/** What the last frame did. */
export interface LastFrame extends FrameCount {
  /** Time that drawing took on this thread. */
  readonly ms: number;
}

export interface StageCanvases {
  readonly main: HTMLCanvasElement;
  readonly minimap: HTMLCanvasElement;
}

const EMPTY: Scene = { width: 1, height: 1, boxes: [], edges: [] };

/** The canvases of a graph view and the camera before them: draws at most once a display frame. */
export class GraphStage {
  index = new GraphIndex(EMPTY);
  camera: Camera = { x: 0, y: 0, scale: 1 };
  /** The camera as a graph is first shown; another one is somebody's choice. */
  private home: Camera | null = null;
  size: Size = { width: 0, height: 0 };
  lastFrame: LastFrame = { boxes: 0, edges: 0, ms: 0 };
  private readonly host: HTMLElement;
  private readonly canvases: StageCanvases;
  private readonly marks: () => Marks;
  private readonly motion: GraphMotion;
  private painter: GraphPainter | null = null;
  private minimap: Minimap | null = null;
  private frame = 0;
  private placed = false;

  constructor(host: HTMLElement, canvases: StageCanvases, marks: () => Marks) {
    this.host = host;
    this.canvases = canvases;
    this.marks = marks;
    this.motion = new GraphMotion((camera) => {
      this.moveTo(camera);
    });
  }

  /**
   * Shows another scene. What is in the middle of the view stays there if the new scene has it too, so that folding
   * or another target changes what one looks at and not where.
   */
  setScene(scene: Scene | null): void {
    const next = new GraphIndex(scene ?? EMPTY);
    const anchor = this.placed ? this.anchor() : undefined;
    const twin = anchor && twinOf(anchor, next);
    if (anchor && twin) {
      const { camera } = this;
      const [dx, dy] = [twin.x - anchor.x, twin.y - anchor.y];
      this.camera = { ...camera, x: camera.x + dx, y: camera.y + dy };
    } else this.placed = false;
    this.index = next;
    this.painter = null;
    this.motion.stop();
    this.resize();
  }

  private anchor(): GraphItem | undefined {
    const { width, height } = this.size;
    return nearestItem(this.index, this.sceneX(width / 2), this.sceneY(height / 2));
  }

  /** Takes colours anew, after the scheme changed. */
  retheme(): void {
    this.painter = null;
    this.draw();
  }

  resize(): void {
    const { clientWidth: width, clientHeight: height } = this.host;
    this.size = { width, height };
    const ratio = devicePixelRatio;
    for (const canvas of [this.canvases.main, this.canvases.minimap]) {
      const [w, h] = [
        Math.round(canvas.clientWidth * ratio),
        Math.round(canvas.clientHeight * ratio),
      ];
      if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h });
    }
    if (width === 0 || height === 0) return;
    // A view that nobody has moved stays around its first box when the window is divided anew.
    if (this.placed && this.camera !== this.home) {
      this.moveTo(this.camera);
      return;
    }
    this.moveTo(fitReadable(this.index.scene, this.size));
    this.home = this.camera;
    this.placed = true;
  }

  /** Jumps. */
  moveTo(camera: Camera): void {
    if (this.size.width === 0) return;
    this.camera = clampCamera(camera, this.index.scene, this.size);
    this.draw();
  }

  /** Jumps, and ends any motion: the hand of the user wins. */
  drag(camera: Camera): void {
    this.motion.stop();
    this.moveTo(camera);
  }

  glide(camera: Camera): void {
    if (this.size.width === 0) return;
    this.motion.go(this.camera, clampCamera(camera, this.index.scene, this.size));
  }

  stop(): void {
    this.motion.stop();
    cancelAnimationFrame(this.frame);
    this.frame = 0;
  }

  /** True when a good part of the scene is out of view. */
  get needsMinimap(): boolean {
    const { height } = this.index.scene;
    return height * this.camera.scale > 1.25 * this.size.height;
  }

  sceneX = (px: number): number => this.camera.x + px / this.camera.scale;
  sceneY = (py: number): number => this.camera.y + py / this.camera.scale;

  edgeAt(x: number, y: number): number {
    return this.painter?.edgeAt(x, y, this.camera) ?? -1;
  }

  /** Centres the view on a point of the minimap, given as shares of its size. */
  jumpTo(fx: number, fy: number): void {
    const { scene } = this.index;
    const { scale } = this.camera;
    const [w, h] = [this.size.width / scale, this.size.height / scale];
    const narrow = scene.width <= w;
    const x = narrow ? this.camera.x : fx * scene.width - w / 2;
    this.drag({ x, y: fy * scene.height - h / 2, scale });
  }

  /** Asks for a frame. */
  draw(): void {
    if (this.frame === 0)
      this.frame = requestAnimationFrame(() => {
        this.frame = 0;
        this.drawNow();
      });
  }

  private drawNow(): void {
    const { main, minimap } = this.canvases;
    if (main.width === 0 || main.height === 0) return;
    const start = performance.now();
    if (this.painter === null) {
      const theme = readTheme(this.host);
      this.painter = new GraphPainter(main.getContext('2d')!, this.index, theme);
      this.minimap = new Minimap(minimap, this.index, theme);
    }
    const marks = this.marks();
    const { camera, size } = this;
    const count = this.painter.draw({ ...marks, camera, size, pixelRatio: devicePixelRatio });
    const wasHidden = minimap.hidden;
    minimap.hidden = !this.needsMinimap;
    // A hidden canvas has no size to draw in: it gets one now.
    if (wasHidden && !minimap.hidden) this.resize();
    if (!minimap.hidden && minimap.width > 0) this.minimap?.draw({ ...marks, camera, view: size });
    this.lastFrame = { ...count, ms: performance.now() - start };
  }
}

/** The item of another scene that stands for the same nodes; inputs and outputs go by their ids. */
function twinOf(item: GraphItem, index: GraphIndex): GraphItem | undefined {
  if (item.nodes.length === 0) return index.item(item.id);
  const [first] = index.itemsOf(item.nodes);
  return index.item(first ?? null);
}
