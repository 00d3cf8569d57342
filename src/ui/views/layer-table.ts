import type { PropertyValues, TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { PredictedEngine, PredictedLayer } from '../../core/sim/predicted-engine.ts';
import type { Selection } from '../state/app-state.ts';
import { countText } from '../state/format-text.ts';
import type { LayerColumn } from '../state/layer-columns.ts';
import { LAYER_COLUMNS, layersAsTsv, sortedLayers } from '../state/layer-columns.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { copyButton } from '../widgets/copy-button.ts';
import { chipStyles } from '../widgets/precision-chip.ts';
import type { RowEvent } from '../widgets/virtual-list.ts';
import '../widgets/virtual-list.ts';
import { virtualListStyles } from '../widgets/virtual-list.ts';
import { layerChip } from './card-parts.ts';
import { send } from './send.ts';
import { tableStyles } from './table-styles.ts';

/** All layers of the engine as a table that sorts by any column and copies as tab-separated text. */
@customElement('layer-table')
export class LayerTable extends LitElement {
  static override styles = [
    baseStyles,
    chipStyles,
    virtualListStyles,
    tableStyles,
    css`
      .table {
        --columns: 36px minmax(160px, 3fr) minmax(90px, 1fr) 44px minmax(90px, 1fr)
          minmax(90px, 1fr) 60px 52px;
      }
      .cells > .right {
        text-align: right;
      }
    `,
  ];

  @property({ attribute: false }) engine: PredictedEngine | null = null;
  /** How likely each layer is right, by its index. */
  @property({ attribute: false }) confidence: readonly number[] = [];
  @property({ attribute: false }) selection: Selection | null = null;
  @state() private column: LayerColumn = LAYER_COLUMNS[0];
  @state() private descending = false;
  private rows: readonly PredictedLayer[] = [];

  protected override willUpdate(changed: PropertyValues): void {
    const { engine, column, descending, confidence } = this;
    if (['engine', 'column', 'descending', 'confidence'].some((name) => changed.has(name)))
      this.rows = sortedLayers(engine?.layers ?? [], column, descending, confidence);
  }

  override render(): TemplateResult {
    const { selection } = this;
    const chosen =
      selection?.kind === 'layer' ? this.rows.findIndex(({ name }) => name === selection.name) : -1;
    return html`<div class="tools">
        <span class="muted number">${countText(this.rows.length, 'layer')}</span>
        <span class="grow"></span>
        ${copyButton(() => layersAsTsv(this.rows, this.confidence), 'Copy the table as tab-separated text')}
      </div>
      <div class="table">
        <div class="head">${LAYER_COLUMNS.map((column) => this.headButton(column))}</div>
        <virtual-list
          id="layers"
          aria-label="Layers"
          .items=${this.rows}
          .chosen=${chosen}
          .renderRow=${this.renderRow}
          @row-activate=${this.onActivate}
        ></virtual-list>
      </div>`;
  }

  private headButton(column: LayerColumn): TemplateResult {
    const sorted = column === this.column;
    const arrow = sorted ? (this.descending ? ' ▾' : ' ▴') : '';
    return html`<button
      aria-pressed=${sorted}
      title="Sort by ${column.title}"
      @click=${() => {
        this.descending = sorted && !this.descending;
        this.column = column;
      }}
    >
      ${column.title}${arrow}
    </button>`;
  }

  private readonly renderRow = (item: unknown): TemplateResult => {
    const layer = item as PredictedLayer;
    return html`<div class="cells">
      ${LAYER_COLUMNS.map((column) =>
        column.id === 'precision'
          ? html`<span>${layerChip(layer)}</span>`
          : html`<span
              class="${column.id === 'name' ? 'mono' : 'number'}"
              title=${column.text(layer, this.confidence[layer.index])}
              >${column.text(layer, this.confidence[layer.index])}</span
            >`,
      )}
    </div>`;
  };

  private onActivate(event: CustomEvent<RowEvent>): void {
    const layer = this.rows[event.detail.index];
    if (layer === undefined) return;
    const { name, nodes } = layer;
    send(this, 'lab-select', { selection: { kind: 'layer', name, nodes } });
  }
}
