import type { PropertyValues, TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { EngineLayer } from '../../core/sim/predicted-engine.ts';
import type { OpenModel, Selection } from '../state/app-state.ts';
import type { OpenedEngine } from '../state/engine-state.ts';
import { countText, percentText } from '../state/format-text.ts';
import type { ModuleGroup, ModuleLeaf, OutlineRow } from '../state/module-tree.ts';
import { moduleTree, outlineRows } from '../state/module-tree.ts';
import { PRECISION_NAME, PRECISION_SIGN } from '../state/precision-text.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { inlineStyle } from '../widgets/inline-style.ts';
import { chipStyles, precisionChip } from '../widgets/precision-chip.ts';
import type { RowEvent } from '../widgets/virtual-list.ts';
import '../widgets/virtual-list.ts';
import { virtualListStyles } from '../widgets/virtual-list.ts';
import { send } from './send.ts';

/** What a box's title says that its label does not: `3×3` of `Conv 3×3` beside `conv1/Conv`. */
function titleBeside(label: string, title: string): string {
  const last = label.split('/').at(-1) ?? '';
  return title.startsWith(last) ? title.slice(last.length).trim() : title;
}

/** The modules of the model as a tree, with a search field that also marks boxes in both graphs. */
@customElement('outline-view')
export class OutlineView extends LitElement {
  static override styles = [
    baseStyles,
    chipStyles,
    virtualListStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        grid-template-rows: auto auto minmax(0, 1fr);
        min-height: 0;
        background: var(--panel);
      }
      .search {
        display: flex;
        padding: 8px;
      }
      input {
        flex: 1;
        min-width: 0;
      }
      .counts {
        padding: 0 12px 6px;
        font-size: 12px;
        border-bottom: 1px solid var(--line);
      }
      .row {
        gap: 4px;
        padding-right: 8px;
        font-size: 12px;
        white-space: nowrap;
      }
      .name {
        flex: 1;
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .twist {
        flex: none;
        width: 16px;
        min-height: 0;
        padding: 0;
        border: 0;
        background: none;
        color: var(--muted);
        text-align: center;
      }
      .indent {
        flex: none;
      }
      .empty {
        padding: 12px;
        color: var(--muted);
      }
    `,
  ];

  @property({ attribute: false }) model: OpenModel | null = null;
  /** A built engine that stands alone: its layers are listed where there is no model. */
  @property({ attribute: false }) engine: OpenedEngine | null = null;
  @property({ attribute: false }) layerByNode: ReadonlyMap<string, EngineLayer> = new Map();
  @property({ attribute: false }) selection: Selection | null = null;
  @property() search = '';
  @property({ type: Number }) matchCount = 0;
  @state() private closed: ReadonlySet<string> = new Set();
  private tree: ModuleGroup | null = null;
  private rows: readonly OutlineRow[] = [];

  /** Puts the keyboard into the search field. */
  focusSearch(): void {
    const input = this.renderRoot.querySelector('input');
    input?.focus();
    input?.select();
  }

  protected override willUpdate(changed: PropertyValues): void {
    const other = changed.has('model') || changed.has('engine');
    if (other) {
      const scene = this.model?.fullScene ?? this.engine?.outline;
      this.tree = scene === undefined ? null : moduleTree(scene);
      this.closed = new Set();
    }
    if (other || changed.has('closed') || changed.has('search'))
      this.rows = this.tree === null ? [] : outlineRows(this.tree, this.closed, this.search);
  }

  override render(): TemplateResult {
    return html`<div class="search">
        <input
          type="search"
          placeholder="Search nodes and layers  /"
          aria-label="Search nodes and layers"
          .value=${this.search}
          @input=${this.onSearch}
          @keydown=${this.onSearchKey}
        />
      </div>
      <div class="counts muted number" role="status">${this.counts()}</div>
      ${
        this.rows.length === 0 && this.search !== ''
          ? html`<p class="empty">No node is called that. Esc clears the search.</p>`
          : html`<virtual-list
              id="outline"
              aria-label="Modules"
              .items=${this.rows}
              .context=${this.layerByNode}
              .chosen=${this.chosenRow()}
              .renderRow=${this.renderRow}
              @row-activate=${this.onActivate}
              @row-step=${this.onStep}
            ></virtual-list>`
      }`;
  }

  private counts(): string {
    if (this.model === null && this.engine === null) return '';
    if (this.search !== '') return countText(this.matchCount, 'match', 'matches');
    if (this.model === null) return countText(this.engine?.engine.layers.length ?? 0, 'layer');
    const { nodeCount, quantizeCount, dequantizeCount } = this.model.summary;
    return `${countText(nodeCount, 'node')} · ${String(quantizeCount)} Q · ${String(dequantizeCount)} DQ`;
  }

  private chosenRow(): number {
    const { selection, model } = this;
    if (model === null && selection?.kind === 'built')
      return this.rows.findIndex(
        (row) => row.kind === 'leaf' && row.leaf.box.id === selection.name,
      );
    const name = selection?.kind === 'node' ? selection.name : selection?.nodes[0];
    if (name === undefined) return -1;
    return this.rows.findIndex((row) => row.kind === 'leaf' && row.leaf.box.nodes.includes(name));
  }

  private readonly renderRow = (item: unknown): TemplateResult => {
    const row = item as OutlineRow;
    const indent = html`<span
      class="indent"
      ${inlineStyle({ width: `${String(4 + row.depth * 12)}px` })}
    ></span>`;
    if (row.kind === 'group')
      return html`${indent}<button
          class="twist"
          tabindex="-1"
          aria-label=${row.open ? 'Fold' : 'Unfold'}
          @click=${(event: Event) => {
            event.stopPropagation();
            this.toggle(row.group.path);
          }}
        >
          ${row.open ? '▾' : '▸'}
        </button>
        <span class="name" title=${row.group.path}>${row.group.label}</span>
        <span class="muted number">${this.groupText(row.group)}</span>`;
    const { box, label } = row.leaf;
    const layer =
      this.model === null
        ? this.engine?.engine.layers[Number(box.id)]
        : this.layerByNode.get(box.nodes[0] ?? box.id);
    return html`${indent}<span class="twist"></span>
      <span class="name" title=${box.subtitle}
        >${label} <span class="muted">${titleBeside(label, box.title)}</span></span
      >
      ${
        layer
          ? precisionChip({
              colour: layer.precision,
              sign: PRECISION_SIGN[layer.precision],
              words: `runs in ${PRECISION_NAME[layer.precision]}`,
              uncertain: layer.uncertain === true,
            })
          : ''
      }`;
  };

  /** Share of the module's computing layers that run in INT8. */
  private groupText(group: ModuleGroup): string {
    const layers = new Set(
      group.nodes
        .flatMap((node) => this.layerByNode.get(node) ?? [])
        .filter((l) => l.role === 'compute'),
    );
    if (layers.size === 0) return String(group.count);
    const int8 = [...layers].filter(({ precision }) => precision === 'int8').length;
    return `${percentText(int8 / layers.size)} I8`;
  }

  private onActivate(event: CustomEvent<RowEvent>): void {
    const row = this.rows[event.detail.index];
    if (row === undefined) return;
    if (row.kind === 'group') {
      const { path, nodes } = row.group;
      send(this, 'lab-select', { selection: { kind: 'module', name: path, nodes } });
      return;
    }
    this.choose(row.leaf);
  }

  private choose({ box }: ModuleLeaf): void {
    const layer = this.model === null ? this.engine?.engine.layers[Number(box.id)] : undefined;
    const selection: Selection = layer
      ? { kind: 'built', name: box.id, nodes: layer.nodes }
      : { kind: 'node', name: box.nodes[0] ?? box.id, nodes: box.nodes };
    send(this, 'lab-select', { selection });
  }

  private onStep(event: CustomEvent<RowEvent>): void {
    const row = this.rows[event.detail.index];
    if (row?.kind === 'group' && row.open !== event.detail.step > 0) this.toggle(row.group.path);
  }

  private toggle(path: string): void {
    const closed = new Set(this.closed);
    if (!closed.delete(path)) closed.add(path);
    this.closed = closed;
  }

  private onSearch(event: Event): void {
    send(this, 'lab-search', { text: (event.target as HTMLInputElement).value });
  }

  private onSearchKey(event: KeyboardEvent): void {
    if (!['Enter', 'ArrowDown', 'Escape'].includes(event.key)) return;
    event.preventDefault();
    if (event.key === 'Escape') send(this, 'lab-search', { text: '' });
    const first = this.rows.find((row) => row.kind === 'leaf');
    if (event.key === 'Enter' && first?.kind === 'leaf') this.choose(first.leaf);
    this.renderRoot.querySelector<HTMLElement>('virtual-list')?.focus();
  }
}
