import type { PropertyValues, TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { baseStyles } from './base-styles.ts';

const SMALLEST = 0.12;
const KEY_STEP = 0.02;

/**
 * Two parts (slots `first` and `second`) and a bar between them, moved by mouse, touch or arrow keys. Sends
 * `split-change` with the new share of the first part. A part whose slot is hidden leaves the room to the other.
 */
@customElement('split-view')
export class SplitView extends LitElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: grid;
        min-width: 0;
        min-height: 0;
        grid-template-columns: minmax(0, var(--first)) 9px minmax(0, var(--second));
        grid-template-rows: minmax(0, 1fr);
      }
      :host([direction='column']) {
        grid-template-columns: minmax(0, 1fr);
        grid-template-rows: minmax(0, var(--first)) 9px minmax(0, var(--second));
      }
      :host([only]) {
        grid-template-columns: minmax(0, 1fr);
        grid-template-rows: minmax(0, 1fr);
      }
      :host([only='first']) slot[name='second'],
      :host([only='second']) slot[name='first'],
      :host([only]) .bar {
        display: none;
      }
      .bar {
        position: relative;
        cursor: col-resize;
        touch-action: none;
        background: linear-gradient(var(--line), var(--line)) center / 1px 100% no-repeat;
      }
      :host([direction='column']) .bar {
        cursor: row-resize;
        background: linear-gradient(var(--line), var(--line)) center / 100% 1px no-repeat;
      }
      .bar:hover,
      .bar:focus-visible {
        background-color: var(--hover);
      }
      ::slotted(*) {
        min-width: 0;
        min-height: 0;
      }
    `,
  ];

  /** `row`: side by side; `column`: one above the other. */
  @property({ reflect: true }) direction: 'row' | 'column' = 'row';
  /** Share of the first part, 0 to 1. */
  @property({ type: Number }) ratio = 0.5;
  /** Shows one part alone; '' shows both. */
  @property({ attribute: false }) only: '' | 'first' | 'second' = '';
  @property() label = 'Divider';

  protected override updated(changed: PropertyValues): void {
    if (changed.has('ratio')) {
      this.style.setProperty('--first', `${String(this.ratio)}fr`);
      this.style.setProperty('--second', `${String(1 - this.ratio)}fr`);
    }
    if (this.only === '') this.removeAttribute('only');
    else this.setAttribute('only', this.only);
  }

  override render(): TemplateResult {
    return html`<slot name="first"></slot>
      <div
        class="bar"
        role="separator"
        tabindex="0"
        aria-label=${this.label}
        aria-orientation=${this.direction === 'row' ? 'vertical' : 'horizontal'}
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow=${Math.round(this.ratio * 100)}
        @pointerdown=${this.onGrab}
        @pointermove=${this.onDrag}
        @keydown=${this.onKey}
        @dblclick=${() => {
          this.send(0.5);
        }}
      ></div>
      <slot name="second"></slot>`;
  }

  private onGrab(event: PointerEvent): void {
    if (event.target instanceof Element) event.target.setPointerCapture(event.pointerId);
    event.preventDefault();
  }

  private onDrag(event: PointerEvent): void {
    const bar = event.target;
    if (!(bar instanceof Element) || !bar.hasPointerCapture(event.pointerId)) return;
    const box = this.getBoundingClientRect();
    this.send(
      this.direction === 'row'
        ? (event.clientX - box.left) / box.width
        : (event.clientY - box.top) / box.height,
    );
  }

  private onKey(event: KeyboardEvent): void {
    const [less, more] =
      this.direction === 'row' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
    if (event.key !== less && event.key !== more) return;
    event.preventDefault();
    event.stopPropagation();
    this.send(this.ratio + (event.key === more ? KEY_STEP : -KEY_STEP));
  }

  private send(ratio: number): void {
    const detail = Math.min(1 - SMALLEST, Math.max(SMALLEST, ratio));
    this.dispatchEvent(new CustomEvent<number>('split-change', { detail }));
  }
}
