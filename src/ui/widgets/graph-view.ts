import type { PropertyValues, TemplateResult } from 'lit';
import { LitElement, html } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Scene } from '../../api/scene.ts';
import type { Precision } from '../../core/sim/predicted-engine.ts';
import type { HeatMark } from '../state/error-heat.ts';
import { PRECISION_NAME } from '../state/precision-text.ts';
import { fitAll, fitReadable, panBy, revealArea, zoomAt } from './graph-camera.ts';
import { GraphGestures } from './graph-gestures.ts';
import type { GestureTarget } from './graph-gestures.ts';
import type { GraphIndex, GraphItem } from './graph-index.ts';
import { onFoldHandle } from './graph-index.ts';
import { markOf, precisionOf } from './graph-painter.ts';
import { GraphStage } from './graph-stage.ts';
import type { LastFrame, Marks } from './graph-stage.ts';
import { obeyKey } from './graph-keys.ts';
import type { KeyTarget } from './graph-keys.ts';
import { besidePointer, tooltip, zoomButtons } from './graph-overlay.ts';
import type { Tip } from './graph-overlay.ts';
import { graphViewStyles } from './graph-view-styles.ts';
import { nearestItem, walk } from './graph-walk.ts';
import type { Direction } from './graph-walk.ts';
import { edgeTip, itemTip, spoken } from './graph-words.ts';

/** Detail of `select-box`, `hover-box` and `activate-box`: a box or badge and its nodes, or nothing. */
export interface BoxEvent {
  readonly id: string | null;
  readonly nodes: readonly string[];
}

const TOUCH_SLACK = 10;

/**
 * A scene that can be moved, searched, and walked through by keys. Draws on a canvas, and only what is in view.
 *
 * @fires select-box when the user selects something, or nothing
 * @fires hover-box when the pointer comes over something else
 * @fires activate-box on Enter and double click
 */
@customElement('graph-view')
export class GraphView extends LitElement implements GestureTarget, KeyTarget {
  static override styles = graphViewStyles;

  @property({ attribute: false }) scene: Scene | null = null;
  /** Id of the selected box, or first node of the selected badge. */
  @property({ attribute: false }) selected: string | null = null;
  /** Nodes to outline together, boxes and badges alike; a name that is no node's may be the id of a box. */
  @property({ attribute: false }) highlight: ReadonlySet<string> = new Set();
  /** Ids of what a search found; everything else fades while there are any. */
  @property({ attribute: false }) found: ReadonlySet<string> = new Set();
  /** Ids of boxes to mark as different from another drawing's. */
  @property({ attribute: false }) differing: ReadonlySet<string> = new Set();
  /** What is said of these. */
  @property({ attribute: false }) differingWords = 'differs from before';
  /** Precision by node name, for scenes whose boxes do not say it. */
  @property({ attribute: false }) tints: ReadonlyMap<string, Precision> = new Map();
  /** Errors by node name; while there are any, they are shown in the place of precisions. */
  @property({ attribute: false }) heat: ReadonlyMap<string, HeatMark> = new Map();
  /** The same by the id of the box: while there are any, they go first. */
  @property({ attribute: false }) boxHeat: ReadonlyMap<string, HeatMark> = new Map();
  @state() private hovered: string | null = null;
  @state() private tip: Tip | null = null;
  @state() private said = '';
  @query('.stage') private readonly stageElement!: HTMLElement;
  private stage: GraphStage | null = null;
  private hoveredEdge = -1;
  private highlighted: ReadonlySet<string> = new Set();
  private readonly resizes = new ResizeObserver(() => this.stage?.resize());
  private readonly dark = matchMedia('(prefers-color-scheme: dark)');

  /** Shows the whole graph; if it is shown already, as much of its top as can be read. */
  fit(): void {
    const { stage } = this;
    if (stage === null) return;
    const all = fitAll(stage.index.scene, stage.size);
    const there = Math.abs(stage.camera.scale / all.scale - 1) < 0.01;
    stage.glide(there ? fitReadable(stage.index.scene, stage.size) : all);
  }

  /** Brings a box or badge into view, with as little motion as needed. */
  reveal(id: string): void {
    void this.updateComplete.then(() => {
      const item = this.stage?.index.item(id);
      if (item) this.stage?.glide(revealArea(this.stage.camera, item, this.stage.size));
    });
  }

  /** Counts and time of the last frame, for tests and measurements. */
  get lastFrame(): LastFrame | null {
    return this.stage?.lastFrame ?? null;
  }

  override focus(): void {
    this.stageElement.focus();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.resizes.observe(this);
    this.dark.addEventListener('change', this.retheme);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizes.disconnect();
    this.dark.removeEventListener('change', this.retheme);
    this.stage?.stop();
  }

  private readonly retheme = (): void => {
    this.stage?.retheme();
  };

  protected override firstUpdated(): void {
    const canvas = (name: string): HTMLCanvasElement => this.renderRoot.querySelector(`.${name}`)!;
    const canvases = { main: canvas('main'), minimap: canvas('minimap') };
    this.stage = new GraphStage(this, canvases, () => this.marks());
    new GraphGestures(this.stageElement, this);
  }

  protected override updated(changed: PropertyValues<this>): void {
    const { stage } = this;
    if (stage === null) return;
    if (changed.has('scene')) {
      this.hoveredEdge = -1;
      stage.setScene(this.scene);
    }
    if (changed.has('scene') || changed.has('highlight')) this.highlighted = this.resolve();
    stage.draw();
  }

  /** Node names to items; ids of boxes pass through. */
  private resolve(): ReadonlySet<string> {
    const { index } = this.stage!;
    const found = new Set<string>();
    for (const name of this.highlight) {
      const ids = index.itemsOf([name]);
      if (ids.size === 0 && index.item(name) !== undefined) found.add(name);
      for (const id of ids) found.add(id);
    }
    return found;
  }

  private marks(): Marks {
    const { selected, hovered, hoveredEdge, highlighted, found, differing } = this;
    const { tints, heat, boxHeat } = this;
    const marked = { highlighted, matches: found, differing };
    return { selected, hovered, hoveredEdge, ...marked, tints, heat, boxHeat };
  }

  override render(): TemplateResult {
    const { tip } = this;
    return html`<div
        class="stage ${this.hovered === null ? '' : 'pointing'}"
        tabindex="0"
        role="application"
        aria-roledescription="graph"
        aria-label=${this.label()}
        @keydown=${this.onKey}
      >
        <canvas class="main" aria-hidden="true"></canvas>
      </div>
      <canvas
        class="minimap"
        hidden
        aria-hidden="true"
        @pointerdown=${this.onMinimap}
        @pointermove=${this.onMinimap}
      ></canvas>
      ${zoomButtons(this)} ${tooltip(tip)}
      <div class="said" role="status" aria-live="polite">${this.said}</div>`;
  }

  private label(): string {
    const name = this.getAttribute('aria-label') ?? 'Graph';
    const count = this.scene?.boxes.length ?? 0;
    return `${name}, ${String(count)} boxes. Arrow keys follow edges, Enter opens.`;
  }

  // What the hand does.

  panBy(dx: number, dy: number): void {
    this.tip = null;
    if (this.stage) this.stage.drag(panBy(this.stage.camera, dx, dy));
  }

  zoomAt(factor: number, x: number, y: number): void {
    this.tip = null;
    if (this.stage) this.stage.drag(zoomAt(this.stage.camera, factor, x, y));
  }

  press(x: number, y: number, touch: boolean): void {
    this.stageElement.focus({ preventScroll: true });
    const item = this.itemAt(x, y, touch);
    if (item && onFoldHandle(item, this.stage!.sceneX(x))) this.emit('activate-box', item);
    else this.choose(item ?? null);
  }

  activate(x: number, y: number): void {
    const item = this.itemAt(x, y, false);
    if (item) this.emit('activate-box', item);
  }

  point(x: number, y: number): void {
    const { stage } = this;
    if (stage === null) return;
    const item = this.itemAt(x, y, false);
    const edge = item ? -1 : stage.edgeAt(stage.sceneX(x), stage.sceneY(y));
    if ((item?.id ?? null) !== this.hovered) {
      this.hovered = item?.id ?? null;
      this.emit('hover-box', item ?? null);
    }
    if (edge !== this.hoveredEdge) {
      this.hoveredEdge = edge;
      stage.draw();
    }
    const lines = item
      ? this.tipOf(stage.index, item)
      : edge >= 0
        ? edgeTip(stage.index.scene.edges[edge]!)
        : null;
    this.tip = lines && { lines, ...besidePointer(x, y, stage.size) };
  }

  private tipOf(index: GraphIndex, item: GraphItem): string[] {
    const lines = itemTip(index, item);
    return this.differing.has(item.id) ? [...lines, `Δ ${this.differingWords}`] : lines;
  }

  leave(): void {
    this.tip = null;
    this.hoveredEdge = -1;
    if (this.hovered !== null) this.emit('hover-box', null);
    this.hovered = null;
    this.stage?.draw();
  }

  private itemAt(x: number, y: number, touch: boolean): GraphItem | undefined {
    const { stage } = this;
    const slack = stage && touch ? TOUCH_SLACK / stage.camera.scale : 0;
    return stage?.index.at(stage.sceneX(x), stage.sceneY(y), slack);
  }

  private readonly onMinimap = (event: PointerEvent): void => {
    if (event.buttons !== 1) return;
    const canvas = event.currentTarget as HTMLElement;
    canvas.setPointerCapture(event.pointerId);
    const rect = canvas.getBoundingClientRect();
    const fx = (event.clientX - rect.left) / rect.width;
    this.stage?.jumpTo(fx, (event.clientY - rect.top) / rect.height);
  };

  // What keys do.

  private readonly onKey = (event: KeyboardEvent): void => {
    if (this.stage !== null && obeyKey(event, this)) event.preventDefault();
  };

  zoomBy(factor: number): void {
    const { stage } = this;
    if (stage)
      stage.glide(zoomAt(stage.camera, factor, stage.size.width / 2, stage.size.height / 2));
  }

  zoomTo(scale: number): void {
    if (this.stage) this.zoomBy(scale / this.stage.camera.scale);
  }

  page(down: boolean): void {
    const { stage } = this;
    const length = (down ? -0.85 : 0.85) * (stage?.size.height ?? 0);
    if (stage) stage.glide(panBy(stage.camera, 0, length));
  }

  walk(direction: Direction): void {
    const { index, size, sceneX, sceneY } = this.stage!;
    const from = index.item(this.selected);
    const middle = [sceneX(size.width / 2), sceneY(size.height / 2)] as const;
    this.walkTo(from ? walk(index, from, direction) : nearestItem(index, ...middle));
  }

  walkToEnd(last: boolean): void {
    const { index } = this.stage!;
    this.walkTo(index.item(index.scene.boxes.at(last ? -1 : 0)?.id ?? null));
  }

  activateSelected(): boolean {
    const item = this.stage?.index.item(this.selected);
    if (item) this.emit('activate-box', item);
    return item !== undefined;
  }

  private walkTo(item: GraphItem | undefined): void {
    if (item === undefined) return;
    this.choose(item);
    this.reveal(item.id);
  }

  private choose(item: GraphItem | null): void {
    this.selected = item?.id ?? null;
    const precision = item?.box && precisionOf(item.box, this.tints);
    const error = item?.box && markOf(item.box, this)?.words;
    const words = item
      ? spoken(this.stage!.index, item, error ?? (precision && PRECISION_NAME[precision]))
      : 'Nothing selected';
    this.said = item && this.differing.has(item.id) ? `${words}, ${this.differingWords}` : words;
    this.emit('select-box', item);
  }

  private emit(type: string, item: GraphItem | null): void {
    const detail: BoxEvent = { id: item?.id ?? null, nodes: item?.nodes ?? [] };
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'graph-view': GraphView;
  }
}
