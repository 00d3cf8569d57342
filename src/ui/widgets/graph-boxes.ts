import type { SceneBadge, SceneBox } from '../../api/scene.ts';
import { BADGE_HEIGHT, FOLD_HANDLE, badgeWidth } from './graph-index.ts';
import type { GraphTheme } from './graph-theme.ts';

/** Text on precision colours; all of them are light enough for black. */
const ON_COLOUR = '#000000';
const RADIUS = 6;
const STRIP = 5;
/** Width of the hatch left of the texts. */
const HATCH_BAND = 13;
const TEXT_LEFT = 13;
const SIGN_HEIGHT = 15;
const HATCHED: ReadonlySet<string> = new Set(['reformat', 'noop', 'qdq']);

interface BoxTexts {
  readonly title: string;
  readonly subtitle: string;
}

/** How a box is to look beside what it is. */
export interface BoxLook {
  readonly hovered: boolean;
  readonly tint: BoxTint | undefined;
}

/** What a box is coloured by, and the sign that says the same without colour. */
export interface BoxTint {
  readonly colour: string;
  readonly sign: string;
}

/** Draws boxes and badges in scene units. Measures and cuts each text once. */
export class BoxPainter {
  private readonly context: CanvasRenderingContext2D;
  private readonly theme: GraphTheme;
  private readonly hatch: CanvasPattern;
  private readonly texts = new Map<string, BoxTexts>();

  constructor(context: CanvasRenderingContext2D, theme: GraphTheme) {
    this.context = context;
    this.theme = theme;
    this.hatch = makeHatch(context, theme.hatch);
  }

  /** A box with its texts, for zoom levels at which they can be read. */
  drawFull(box: SceneBox, look: BoxLook): void {
    if (box.kind === 'badge') {
      this.drawPill(box, box.title, look);
      return;
    }
    const { context, theme } = this;
    const [left, top] = [box.x - box.width / 2, box.y - box.height / 2];
    if (box.kind === 'fold') this.drawSheet(box, left + 4, top + 4);
    this.outline(box, left, top);
    context.fillStyle = look.hovered ? theme.boxHover : theme.box;
    context.fill();
    this.fillKind(box, look.tint);
    this.drawStrip(box, left, top, look.tint);
    this.strokeBorder(box, left, top);
    this.drawTexts(box, left, top, look.tint);
    if (box.kind === 'fold') this.drawHandle(box, left, top);
  }

  /** A box as a block of its colour with the sign of its precision large, for zoom levels between. */
  drawBlock(box: SceneBox, look: BoxLook, zoom: number): void {
    const { context, theme } = this;
    const [left, top] = [box.x - box.width / 2, box.y - box.height / 2];
    this.outline(box, left, top);
    const hatched = HATCHED.has(box.kind);
    const colour = look.tint?.colour ?? theme.box;
    context.fillStyle = hatched ? theme.box : colour;
    context.fill();
    if (hatched) {
      context.fillStyle = this.hatch;
      context.fill();
    }
    this.strokeBorder(box, left, top);
    if (look.tint === undefined || box.height < 24) return;
    // As large as the box allows, so that it can be read as long as possible.
    const size = Math.min(box.height * 0.85, Math.max(20, 10 / zoom));
    context.font = theme.signFont.replace('10px', `${size.toFixed(1)}px`);
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillStyle = hatched ? theme.text : ON_COLOUR;
    context.fillText(look.tint.sign, box.x, box.y + 1);
  }

  /** A delta on a dark plate at the upper left corner of a box, `size` scene units high. */
  drawDelta(box: SceneBox, size: number): void {
    const { context, theme } = this;
    const [x, y] = [box.x - box.width / 2, box.y - box.height / 2];
    context.beginPath();
    context.roundRect(x - size / 2, y - size / 2, size, size, size / 5);
    context.fillStyle = theme.text;
    context.fill();
    context.font = theme.signFont.replace('10px', `${(0.8 * size).toFixed(1)}px`);
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillStyle = theme.background;
    context.fillText('Δ', x, y + size / 20);
  }

  drawBadge(badge: SceneBadge, look: BoxLook): void {
    this.drawPill(badge, badge.text, look);
  }

  /** With a tint its sign stands in the place of the text, in the same room. */
  private drawPill(
    { x, y }: Pick<SceneBadge, 'x' | 'y'>,
    text: string,
    { hovered, tint }: BoxLook,
  ): void {
    const { context, theme } = this;
    const width = badgeWidth(text);
    context.beginPath();
    context.roundRect(x - width / 2, y - BADGE_HEIGHT / 2, width, BADGE_HEIGHT, BADGE_HEIGHT / 2);
    context.fillStyle = tint?.colour ?? (hovered ? theme.boxHover : theme.box);
    context.fill();
    context.lineWidth = 1;
    context.strokeStyle = theme.muted;
    context.stroke();
    context.font = theme.signFont;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillStyle = tint === undefined ? theme.text : ON_COLOUR;
    context.fillText(tint?.sign ?? text, x, y + 0.5);
  }

  private outline(box: SceneBox, left: number, top: number): void {
    const radius = box.kind === 'io' || box.kind === 'badge' ? box.height / 2 : RADIUS;
    this.context.beginPath();
    this.context.roundRect(left, top, box.width, box.height, radius);
  }

  /** The sheet behind a folded box: there is more inside. */
  private drawSheet(box: SceneBox, left: number, top: number): void {
    const { context, theme } = this;
    this.outline(box, left, top);
    context.fillStyle = theme.background;
    context.fill();
    context.lineWidth = 1;
    context.strokeStyle = theme.border;
    context.stroke();
  }

  /** Precision as a breath of colour; hatch for layers that nobody asked for. */
  private fillKind(box: SceneBox, tint: BoxTint | undefined): void {
    const { context } = this;
    if (HATCHED.has(box.kind)) {
      context.fillStyle = this.hatch;
      context.globalAlpha *= 0.8;
      context.fill();
      context.globalAlpha /= 0.8;
    } else if (tint !== undefined) {
      context.fillStyle = tint.colour;
      context.globalAlpha *= 0.13;
      context.fill();
      context.globalAlpha /= 0.13;
    }
  }

  private drawStrip(box: SceneBox, left: number, top: number, tint: BoxTint | undefined): void {
    if (tint === undefined || HATCHED.has(box.kind) || box.kind === 'io') return;
    const { context } = this;
    context.beginPath();
    context.roundRect(left, top, STRIP, box.height, [RADIUS, 0, 0, RADIUS]);
    context.fillStyle = tint.colour;
    context.fill();
  }

  private strokeBorder(box: SceneBox, left: number, top: number): void {
    const { context, theme } = this;
    this.outline(box, left, top);
    const alarming = box.kind === 'qdq';
    context.lineWidth = alarming ? 1.75 : box.uncertain === true ? 1.25 : 1;
    context.strokeStyle = alarming ? theme.warning : theme.border;
    if (box.uncertain === true) {
      context.setLineDash([5, 3.5]);
      context.strokeStyle = alarming ? theme.warning : theme.muted;
    }
    context.stroke();
    context.setLineDash([]);
  }

  private drawTexts(box: SceneBox, left: number, top: number, tint: BoxTint | undefined): void {
    const { context, theme } = this;
    const sign = tint === undefined || box.kind === 'fold' ? '' : tint.sign;
    const signWidth =
      box.kind === 'fold' ? FOLD_HANDLE - 7 : sign === '' ? 0 : 9 + 6.1 * sign.length;
    const mark = box.kind === 'qdq' ? 16 : 0;
    const textLeft = left + textIndent(box);
    const { title, subtitle } = this.fitted(box, signWidth, mark);
    const right = left + box.width - 7;
    const first = box.subtitle === '' ? box.y : top + 15;
    if (HATCHED.has(box.kind)) this.drawPlate(box, left, top);
    if (tint !== undefined && sign !== '') this.drawSign(tint, right - signWidth, first);
    if (mark > 0) this.drawWarning(textLeft, first);
    context.textAlign = 'left';
    context.textBaseline = 'middle';
    context.font = theme.titleFont;
    context.fillStyle = box.kind === 'shape' || box.kind === 'constant' ? theme.muted : theme.text;
    context.fillText(title, textLeft + mark, first + 0.5);
    if (subtitle === '') return;
    context.font = theme.nameFont;
    context.fillStyle = theme.muted;
    context.fillText(subtitle, textLeft, top + 31);
  }

  /** Keeps text on hatch readable: the hatch shows as a frame around a plain field. */
  private drawPlate(box: SceneBox, left: number, top: number): void {
    const { context, theme } = this;
    context.beginPath();
    context.roundRect(left + HATCH_BAND, top + 4, box.width - HATCH_BAND - 4, box.height - 8, 3);
    context.fillStyle = theme.box;
    context.fill();
  }

  private drawSign({ sign, colour }: BoxTint, left: number, middle: number): void {
    const { context, theme } = this;
    context.beginPath();
    context.roundRect(left, middle - SIGN_HEIGHT / 2, 9 + 6.1 * sign.length, SIGN_HEIGHT, 3);
    context.fillStyle = colour;
    context.fill();
    context.font = theme.signFont;
    context.textAlign = 'left';
    context.textBaseline = 'middle';
    context.fillStyle = ON_COLOUR;
    context.fillText(sign, left + 4.5, middle + 0.5);
  }

  /** The plus that unfolds a box; `onFoldHandle` says where it is hit. */
  private drawHandle(box: SceneBox, left: number, top: number): void {
    const { context, theme } = this;
    context.font = theme.titleFont;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillStyle = theme.muted;
    context.fillText('+', left + box.width - FOLD_HANDLE / 2, top + 15.5);
  }

  private drawWarning(left: number, middle: number): void {
    const { context, theme } = this;
    context.beginPath();
    context.moveTo(left + 6, middle - 6);
    context.lineTo(left + 12, middle + 5);
    context.lineTo(left, middle + 5);
    context.closePath();
    context.fillStyle = theme.warning;
    context.fill();
    context.fillStyle = theme.box;
    context.fillRect(left + 5.2, middle - 2.5, 1.6, 4);
    context.fillRect(left + 5.2, middle + 2.4, 1.6, 1.6);
  }

  private fitted(box: SceneBox, signWidth: number, mark: number): BoxTexts {
    const key = `${box.id}\n${String(signWidth)}`;
    let texts = this.texts.get(key);
    if (texts === undefined) {
      const room = box.width - textIndent(box) - 8;
      texts = {
        title: this.cut(
          box.title,
          this.theme.titleFont,
          room - mark - (signWidth && signWidth + 6),
        ),
        subtitle: this.cut(box.subtitle, this.theme.nameFont, room),
      };
      this.texts.set(key, texts);
    }
    return texts;
  }

  /** The text, or as much of it as fits with an ellipsis. */
  private cut(text: string, font: string, room: number): string {
    const { context } = this;
    context.font = font;
    if (context.measureText(text).width <= room) return text;
    let [low, high] = [0, text.length];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (context.measureText(`${text.slice(0, middle)}…`).width <= room) low = middle;
      else high = middle - 1;
    }
    return low === 0 ? '' : `${text.slice(0, low).trimEnd()}…`;
  }
}

const textIndent = (box: SceneBox): number => TEXT_LEFT + (HATCHED.has(box.kind) ? 6 : 0);

function makeHatch(context: CanvasRenderingContext2D, colour: string): CanvasPattern {
  const size = 16;
  const tile = new OffscreenCanvas(size, size);
  const pen = tile.getContext('2d')!;
  pen.strokeStyle = colour;
  pen.lineWidth = 3.2;
  for (let x = -size; x <= 2 * size; x += 8) {
    pen.moveTo(x, size + 2);
    pen.lineTo(x + size + 4, -2);
  }
  pen.stroke();
  const pattern = context.createPattern(tile, 'repeat')!;
  // Two tile pixels a scene unit keep the hatch sharp when zoomed in.
  pattern.setTransform(new DOMMatrix().scale(0.5));
  return pattern;
}
