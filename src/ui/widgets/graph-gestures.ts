/** What gestures ask of a view. Points are in CSS pixels from the view's top left corner. */
export interface GestureTarget {
  panBy(dx: number, dy: number): void;
  zoomAt(factor: number, x: number, y: number): void;
  press(x: number, y: number, touch: boolean): void;
  activate(x: number, y: number): void;
  point(x: number, y: number): void;
  leave(): void;
}

interface Finger {
  readonly x: number;
  readonly y: number;
}

/** A pointer that moves less than this between down and up was a click. */
const CLICK_SLACK = 4;
const ZOOM_PER_PIXEL = 0.0022;
/** Wheel steps below this come from touchpads, whose two-finger move means scrolling. */
const WHEEL_NOTCH = 40;
const LINE_PIXELS = 16;

/** Mouse, pen, touch and wheel on an element: drag and touchpad pan, wheel and pinch zoom. */
export class GraphGestures {
  private readonly element: HTMLElement;
  private readonly target: GestureTarget;
  private readonly fingers = new Map<number, Finger>();
  private travelled = 0;

  constructor(element: HTMLElement, target: GestureTarget) {
    this.element = element;
    this.target = target;
    element.addEventListener('pointerdown', this.down);
    element.addEventListener('pointermove', this.move);
    element.addEventListener('pointerup', this.up);
    element.addEventListener('pointercancel', this.cancel);
    element.addEventListener('pointerleave', this.leave);
    element.addEventListener('dblclick', this.doubleClick);
    element.addEventListener('wheel', this.wheel, { passive: false });
  }

  private at(event: MouseEvent): Finger {
    const rect = this.element.getBoundingClientRect();
    return { x: event.clientX - rect.left, y: event.clientY - rect.top };
  }

  private readonly down = (event: PointerEvent): void => {
    if (event.button !== 0 && event.button !== 1) return;
    this.fingers.set(event.pointerId, this.at(event));
    if (this.fingers.size === 1) this.travelled = 0;
    this.element.setPointerCapture(event.pointerId);
  };

  private readonly move = (event: PointerEvent): void => {
    const now = this.at(event);
    const before = this.fingers.get(event.pointerId);
    if (before === undefined) {
      if (event.pointerType !== 'touch') this.target.point(now.x, now.y);
      return;
    }
    const [dx, dy] = [now.x - before.x, now.y - before.y];
    this.travelled += Math.hypot(dx, dy);
    const other = [...this.fingers].find(([id]) => id !== event.pointerId)?.[1];
    this.fingers.set(event.pointerId, now);
    if (other === undefined) {
      if (this.travelled > CLICK_SLACK) this.target.panBy(dx, dy);
      return;
    }
    // Two fingers: each move of one pans by half and zooms around the middle.
    const spread = (finger: Finger): number => Math.hypot(finger.x - other.x, finger.y - other.y);
    this.target.panBy(dx / 2, dy / 2);
    const [x, y] = [(now.x + other.x) / 2, (now.y + other.y) / 2];
    this.target.zoomAt(spread(now) / Math.max(1, spread(before)), x, y);
  };

  private readonly up = (event: PointerEvent): void => {
    const known = this.fingers.delete(event.pointerId);
    const alone = this.fingers.size === 0;
    if (!known || !alone || this.travelled > CLICK_SLACK || event.button !== 0) return;
    const { x, y } = this.at(event);
    this.target.press(x, y, event.pointerType === 'touch');
  };

  private readonly cancel = (event: PointerEvent): void => {
    this.fingers.delete(event.pointerId);
    this.travelled = Infinity;
  };

  private readonly leave = (event: PointerEvent): void => {
    if (!this.fingers.has(event.pointerId)) this.target.leave();
  };

  private readonly doubleClick = (event: MouseEvent): void => {
    const { x, y } = this.at(event);
    this.target.activate(x, y);
  };

  private readonly wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PIXELS : 1;
    const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
    const { x, y } = this.at(event);
    if (event.shiftKey && !event.ctrlKey) this.target.panBy(-(dx || dy), 0);
    else if (!event.ctrlKey && !event.metaKey && (dx !== 0 || Math.abs(dy) < WHEEL_NOTCH))
      this.target.panBy(-dx, -dy);
    else {
      // A pinch on a touchpad arrives as small wheel steps with ctrl held.
      const strength = Math.abs(dy) < WHEEL_NOTCH ? 4 : 1;
      this.target.zoomAt(Math.exp(-dy * strength * ZOOM_PER_PIXEL), x, y);
    }
  };
}
