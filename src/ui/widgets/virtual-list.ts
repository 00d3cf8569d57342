import type { PropertyValues, TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { inlineStyle } from './inline-style.ts';

/** Styles for elements that hold a `virtual-list`: its rows live in their tree, so that they can style them. */
export const virtualListStyles = css`
  virtual-list {
    display: block;
    position: relative;
    overflow: auto;
    overscroll-behavior: contain;
    contain: strict;
  }
  virtual-list:focus-visible {
    outline-offset: -2px;
  }
  virtual-list > .height {
    position: relative;
    min-width: 100%;
  }
  virtual-list .row {
    position: absolute;
    left: 0;
    right: 0;
    display: flex;
    align-items: center;
    cursor: default;
  }
  virtual-list .row:hover {
    background: var(--hover);
  }
  virtual-list .row.chosen {
    background: var(--accent-soft);
    box-shadow: inset 2px 0 0 var(--accent);
  }
  virtual-list:focus-visible .row.active {
    outline: 1px dashed var(--focus);
    outline-offset: -1px;
  }
`;

/** Rows outside the window that are drawn too, so that fast scrolling shows no gap. */
const OVERSCAN = 6;

/**
 * A list of equally high rows of which only those in view exist. Arrow keys, Page Up and Down, Home and End move an
 * active row; Enter, Space and a click send `row-activate`, left and right `row-step` (-1, 1), all with the index.
 */
@customElement('virtual-list')
export class VirtualList extends LitElement {
  @property({ attribute: false }) items: readonly unknown[] = [];
  @property({ attribute: false }) renderRow: (item: unknown, index: number) => TemplateResult =
    () => html``;
  /** Whatever else rows are drawn from: a new value draws them again. */
  @property({ attribute: false }) context: unknown = null;
  /** Pixels. */
  @property({ type: Number }) rowHeight = 24;
  /** Row marked as chosen, or -1. */
  @property({ type: Number }) chosen = -1;
  @state() private active = 0;
  @state() private top = 0;
  @state() private height = 400;
  private readonly resizes = new ResizeObserver(() => {
    this.height = this.clientHeight;
  });

  /** Rows are styled by the element around the list, hence no shadow root. */
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.tabIndex = 0;
    if (!this.hasAttribute('role')) this.setAttribute('role', 'listbox');
    this.addEventListener('scroll', this.onScroll, { passive: true });
    this.addEventListener('keydown', this.onKey);
    this.resizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener('scroll', this.onScroll);
    this.removeEventListener('keydown', this.onKey);
    this.resizes.disconnect();
  }

  /** Scrolls just so far that a row is in view. */
  scrollToRow(index: number): void {
    const top = index * this.rowHeight;
    if (top < this.scrollTop) this.scrollTop = top;
    else if (top + this.rowHeight > this.scrollTop + this.clientHeight)
      this.scrollTop = top + this.rowHeight - this.clientHeight;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('chosen') && this.chosen >= 0) this.active = this.chosen;
    if (this.active >= this.items.length) this.active = Math.max(0, this.items.length - 1);
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('chosen') && this.chosen >= 0) this.scrollToRow(this.chosen);
    if (changed.has('items')) this.onScroll();
    this.setAttribute('aria-activedescendant', this.rowId(this.active));
  }

  override render(): TemplateResult {
    const first = Math.max(0, Math.floor(this.top / this.rowHeight) - OVERSCAN);
    const count = Math.ceil(this.height / this.rowHeight) + 2 * OVERSCAN;
    const rows = this.items.slice(first, first + count).map((item, i) => ({ item, at: first + i }));
    const height = `${String(this.items.length * this.rowHeight)}px`;
    return html`<div class="height" ${inlineStyle({ height })}>
      ${repeat(
        rows,
        ({ at }) => at,
        ({ item, at }) => this.row(item, at),
      )}
    </div>`;
  }

  private row(item: unknown, at: number): TemplateResult {
    const classes = `row${at === this.chosen ? ' chosen' : ''}${at === this.active ? ' active' : ''}`;
    const style = {
      height: `${String(this.rowHeight)}px`,
      transform: `translateY(${String(at * this.rowHeight)}px)`,
    };
    return html`<div
      class=${classes}
      role="option"
      id=${this.rowId(at)}
      aria-selected=${at === this.chosen}
      aria-setsize=${this.items.length}
      aria-posinset=${at + 1}
      ${inlineStyle(style)}
      @click=${() => {
        this.active = at;
        this.send('row-activate', at);
      }}
    >
      ${this.renderRow(item, at)}
    </div>`;
  }

  private rowId(at: number): string {
    return `${this.id === '' ? 'list' : this.id}-row-${String(at)}`;
  }

  private readonly onScroll = (): void => {
    this.top = this.scrollTop;
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(this.height / this.rowHeight) - 1);
    const last = this.items.length - 1;
    const goals: Record<string, number> = {
      ArrowDown: this.active + 1,
      ArrowUp: this.active - 1,
      PageDown: this.active + page,
      PageUp: this.active - page,
      Home: 0,
      End: last,
    };
    const goal = goals[event.key];
    if (goal !== undefined) {
      this.active = Math.min(last, Math.max(0, goal));
      this.scrollToRow(this.active);
    } else if (event.key === 'Enter' || event.key === ' ') this.send('row-activate', this.active);
    else if (event.key === 'ArrowLeft') this.send('row-step', this.active, -1);
    else if (event.key === 'ArrowRight') this.send('row-step', this.active, 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  private send(type: 'row-activate' | 'row-step', index: number, step = 0): void {
    if (index < 0 || index >= this.items.length) return;
    this.dispatchEvent(new CustomEvent<RowEvent>(type, { detail: { index, step } }));
  }
}

/** Detail of `row-activate` and `row-step`. */
export interface RowEvent {
  readonly index: number;
  readonly step: number;
}
