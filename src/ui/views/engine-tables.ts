import type { TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Selection } from '../state/app-state.ts';
import { builtLayerOf, builtSelection } from '../state/built-words.ts';
import { CONVOLUTION_COLUMNS, LAYER_LINE_COLUMNS, TACTIC_COLUMNS } from './engine-columns.ts';
import type { OpenedEngine } from '../state/engine-state.ts';
import type { RowChosen } from './error-table.ts';
import './error-table.ts';
import { send } from './send.ts';

/** A row that is about one layer, or about the layers of one tactic. */
type Row = { readonly index: number } | { readonly indices: readonly number[] };

/** One of the tables about the engine on show: layers, convolutions or tactics. A row leads to its layer in the graph. */
@customElement('engine-tables')
export class EngineTables extends LitElement {
  static override styles = css`
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      min-height: 0;
    }
    error-table {
      min-height: 0;
    }
    p {
      margin: 0;
      padding: 12px;
      color: var(--muted);
    }
  `;

  @property({ attribute: false }) shown!: OpenedEngine;
  @property({ attribute: false }) selection: Selection | null = null;
  @property() table: 'layers' | 'convolutions' | 'tactics' = 'layers';

  override render(): TemplateResult {
    const { rows, columns, unit, empty } = this.contents();
    if (rows.length === 0) return html`<p>${empty}</p>`;
    const chosen = builtLayerOf(this.shown.engine, this.selection)?.index;
    return html`<error-table
      .rows=${rows}
      .columns=${columns}
      .unit=${unit}
      .label=${unit}
      .isChosen=${(row: unknown) => isAbout(row as Row, chosen)}
      @row-chosen=${this.onChosen}
    ></error-table>`;
  }

  private contents(): {
    readonly rows: readonly Row[];
    readonly columns: readonly unknown[];
    readonly unit: string;
    readonly empty: string;
  } {
    const { layers, convolutions, tactics } = this.shown.analysis;
    switch (this.table) {
      case 'layers':
        return { rows: layers, columns: LAYER_LINE_COLUMNS, unit: 'layer', empty: 'No layers.' };
      case 'convolutions':
        return {
          rows: convolutions.convolutions,
          columns: CONVOLUTION_COLUMNS,
          unit: 'convolution',
          empty: 'The file tells of no convolution, or not enough of any to reckon with.',
        };
      case 'tactics':
        return {
          rows: tactics,
          columns: TACTIC_COLUMNS,
          unit: 'tactic',
          empty: 'The file names no tactics.',
        };
    }
  }

  private onChosen({ detail }: CustomEvent<RowChosen>): void {
    const row = detail.row as Row;
    const index = 'index' in row ? row.index : row.indices[0];
    send(this, 'lab-select', { selection: builtSelection(this.shown.engine, index) });
  }
}

const isAbout = (row: Row, index: number | undefined): boolean =>
  index !== undefined && ('index' in row ? row.index === index : row.indices.includes(index));

declare global {
  interface HTMLElementTagNameMap {
    'engine-tables': EngineTables;
  }
}
