import type { PropertyValues, TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ErrorColumn } from '../state/error-columns.ts';
import { errorsAsTsv, sortedErrors } from '../state/error-columns.ts';
import { countText } from '../state/format-text.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { copyButton } from '../widgets/copy-button.ts';
import { chipStyles } from '../widgets/precision-chip.ts';
import { inlineStyle } from '../widgets/inline-style.ts';
import type { RowEvent } from '../widgets/virtual-list.ts';
import '../widgets/virtual-list.ts';
import { virtualListStyles } from '../widgets/virtual-list.ts';
import { tableStyles } from './table-styles.ts';

/** Detail of `row-chosen`: the row itself. */
export interface RowChosen {
  readonly row: unknown;
}

/**
 * Errors as a table that sorts by any column; the first click on a measure brings the worst up.
 *
 * @fires row-chosen when a row is clicked or entered
 */
@customElement('error-table')
export class ErrorTable extends LitElement {
  static override styles = [
    baseStyles,
    chipStyles,
    virtualListStyles,
    tableStyles,
    css`
      .cells > .right,
      .head > .right {
        justify-self: end;
        text-align: right;
      }
    `,
  ];

  @property({ attribute: false }) rows: readonly unknown[] = [];
  @property({ attribute: false }) columns: readonly ErrorColumn<never>[] = [];
  /** What one row is called. */
  @property() unit = 'row';
  /** What the table is about, for screen readers. */
  @property() label = 'Errors';
  @property({ attribute: false }) isChosen: (row: unknown) => boolean = () => false;
  @state() private sortId = '';
  @state() private descending = false;
  private sorted: readonly unknown[] = [];

  /** The columns take the rows that stand beside them; which those are only the owner of both knows. */
  private get open(): readonly ErrorColumn<unknown>[] {
    return this.columns as unknown as readonly ErrorColumn<unknown>[];
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('columns') && !this.open.some(({ id }) => id === this.sortId)) this.sortId = '';
    const column = this.open.find(({ id }) => id === this.sortId);
    this.sorted = column ? sortedErrors(this.rows, column, this.descending) : this.rows;
  }

  override render(): TemplateResult {
    const tracks = this.open.map(trackOf);
    return html`<div class="tools">
        <span class="muted number">${countText(this.rows.length, this.unit)}</span>
        <span class="grow"></span>
        ${copyButton(
          () => errorsAsTsv(this.sorted, this.open),
          'Copy the table as tab-separated text',
        )}
      </div>
      <div class="table" ${inlineStyle({ '--columns': tracks.join(' ') })}>
        <div class="head">${this.open.map((column) => this.headButton(column))}</div>
        <virtual-list
          id="errors"
          aria-label=${this.label}
          .items=${this.sorted}
          .chosen=${this.sorted.findIndex((row) => this.isChosen(row))}
          .renderRow=${this.renderRow}
          .context=${this.columns}
          @row-activate=${this.onActivate}
        ></virtual-list>
      </div>`;
  }

  private headButton(column: ErrorColumn<unknown>): TemplateResult {
    const sorted = column.id === this.sortId;
    const arrow = sorted ? (this.descending ? ' ▾' : ' ▴') : '';
    return html`<button
      class=${column.isName === true ? '' : 'right'}
      data-column=${column.id}
      aria-pressed=${sorted}
      title="${column.help}. Click to sort."
      @click=${() => {
        this.descending = sorted ? !this.descending : column.worstFirst === 'high';
        this.sortId = column.id;
      }}
    >
      ${column.title}${arrow}
    </button>`;
  }

  private readonly renderRow = (row: unknown): TemplateResult =>
    html`<div class="cells">
      ${this.open.map((column) => {
        const text = column.text(row);
        return html`<span class=${column.isName === true ? 'mono' : 'number right'} title=${text}
          >${column.cell?.(row) ?? text}</span
        >`;
      })}
    </div>`;

  private onActivate(event: CustomEvent<RowEvent>): void {
    const row = this.sorted[event.detail.index];
    if (row === undefined) return;
    this.dispatchEvent(new CustomEvent<RowChosen>('row-chosen', { detail: { row } }));
  }
}

/** Names of things take the room that figures leave. */
const trackOf = ({ track, isName, id }: ErrorColumn<unknown>): string => {
  if (track !== undefined) return track;
  if (isName !== true) return 'minmax(72px, 1fr)';
  return id === 'tensor' || id === 'node' || id === 'value'
    ? 'minmax(150px, 3fr)'
    : 'minmax(84px, 1fr)';
};

declare global {
  interface HTMLElementTagNameMap {
    'error-table': ErrorTable;
  }
}
