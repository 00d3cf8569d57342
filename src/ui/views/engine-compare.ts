import type { TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ComparedChange, ComparedGroup } from '../../api/engine-api.ts';
import type { Selection } from '../state/app-state.ts';
import { builtSelection } from '../state/built-words.ts';
import type { EnginesState, OpenedEngine, ShownComparison } from '../state/engine-state.ts';
import { NO_ENGINES, shownEngine } from '../state/engine-state.ts';
import type { ErrorColumn } from '../state/error-columns.ts';
import { percentText } from '../state/format-text.ts';
import { timeText } from '../state/time-heat.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { figureColumn, wordColumn } from './engine-columns.ts';
import type { RowChosen } from './error-table.ts';
import './error-table.ts';
import './problem-card.ts';
import { send } from './send.ts';

const CHANGE_WORDS: Readonly<Record<ComparedChange, string>> = {
  split: 'split',
  merged: 'fused',
  regrouped: 'regrouped',
  precision: 'type',
  format: 'format',
  tactic: 'tactic',
  copies: 'copies',
  'layer-gained': 'layer +',
  'layer-lost': 'layer −',
};

/** Engines side by side: figures of each, and the time won and lost by every group of layers that do the same work. */
@customElement('engine-compare')
export class EngineCompare extends LitElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        grid-template-rows: max-content minmax(180px, 1fr);
        min-height: 0;
        overflow: auto;
      }
      .figures {
        min-width: 0;
        padding: 6px 12px;
        overflow: auto hidden;
      }
      table {
        border-collapse: collapse;
        font-size: 12px;
        font-variant-numeric: tabular-nums;
      }
      th,
      td {
        padding: 1px 16px 1px 0;
        font-weight: 400;
        text-align: right;
        white-space: nowrap;
      }
      th:first-child {
        text-align: left;
      }
      thead th {
        color: var(--muted);
      }
      tbody th {
        max-width: 320px;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      tr[aria-current='true'] th {
        font-weight: 600;
      }
      .better {
        color: var(--good);
      }
      .worse {
        color: var(--bad-text);
      }
      button.small {
        min-height: 20px;
        padding: 0 6px;
        font-size: 12px;
      }
      button[aria-pressed='true'] {
        border-color: var(--text);
        background: var(--hover);
      }
      p {
        margin: 4px 0;
      }
      .alone {
        padding: 12px;
      }
      error-table {
        min-height: 0;
      }
    `,
  ];

  @property({ attribute: false }) engines: EnginesState = NO_ENGINES;
  @property({ attribute: false }) selection: Selection | null = null;
  private columns: readonly ErrorColumn<ComparedGroup>[] = [];
  private columnsFor: ShownComparison | null = null;

  override render(): TemplateResult {
    const { comparison, opened } = this.engines;
    if (opened.length < 2)
      return html`<p class="alone muted">
        Open a second engine of the same network, built otherwise, to see where time is won and
        lost: without Q/DQ, with other Q/DQ, by another version of TensorRT.
      </p>`;
    if (comparison.state === 'failed')
      return html`<problem-card .diagnostic=${comparison.error}></problem-card>`;
    if (comparison.state !== 'ready')
      return html`<p class="alone muted" role="status">Aligning the engines…</p>`;
    return this.compared(comparison.value);
  }

  private compared(shown: ShownComparison): TemplateResult {
    if (this.columnsFor !== shown) {
      this.columns = this.columnsOf(shown);
      this.columnsFor = shown;
    }
    const at = shown.ids.indexOf(this.engines.shown ?? '');
    return html`<div class="figures">${this.figures(shown)} ${this.caveat(shown)}</div>
      <error-table
        .rows=${shown.value.groups}
        .columns=${this.columns}
        unit="group"
        label="Groups of layers that do the same work"
        .isChosen=${(row: unknown) => this.isChosen(row as ComparedGroup, at)}
        @row-chosen=${(event: CustomEvent<RowChosen>) => {
          this.choose(event.detail.row as ComparedGroup, at);
        }}
      ></error-table>`;
  }

  private figures({ ids, value }: ShownComparison): TemplateResult {
    const [base] = value.engines;
    const baseUs = base?.layerTimeUs ?? null;
    const known = ids.map((id) => this.engines.opened.find((engine) => engine.id === id));
    return html`<table aria-label="Engines compared">
      <thead>
        <tr>
          <th scope="col">Engine</th>
          <th scope="col">Latency</th>
          <th scope="col">Sum of layers</th>
          <th scope="col">Against the first</th>
          <th scope="col">Layers</th>
          <th scope="col">INT8</th>
          <th scope="col">Reformats</th>
          <th scope="col">Q/DQ left</th>
          <th scope="col"></th>
        </tr>
      </thead>
      <tbody>
        ${value.engines.map((figures, i) => {
          const { latency, layerTimeUs, layers, lowShare, reformats, quantizers } = figures;
          const delta =
            i === 0 || layerTimeUs === null || baseUs === null ? null : layerTimeUs - baseUs;
          return html`<tr aria-current=${ids[i] === this.engines.shown}>
            <th scope="row" title=${known[i]?.label ?? ''}>${known[i]?.label ?? ''}</th>
            <td>${latency === null ? '–' : timeText(latency.computeMedianUs)}</td>
            <td>${layerTimeUs === null ? '–' : timeText(layerTimeUs)}</td>
            <td>${deltaCell(delta, baseUs)}</td>
            <td>${layers}</td>
            <td>${lowShare === null ? '–' : percentText(lowShare)}</td>
            <td>${reformats.layers}</td>
            <td>${quantizers.layers}</td>
            <td>${this.buttons(known[i], i)}</td>
          </tr>`;
        })}
      </tbody>
    </table>`;
  }

  /** The first is what the others are held against; any other may take its place, or stand beside the one on show. */
  private buttons(engine: OpenedEngine | undefined, place: number): TemplateResult | string {
    if (engine === undefined) return '';
    const { id, label } = engine;
    const beside = this.engines.beside === id;
    return html`${
      place === 0
        ? ''
        : html`<button
            class="small plain"
            title="Hold the others against ${label}"
            @click=${() => {
              send(this, 'lab-engine', { do: 'base', id });
            }}
          >
            Make it first
          </button>`
    }
    ${
      id === this.engines.shown
        ? ''
        : html`<button
            class="small plain"
            aria-pressed=${beside}
            title="The graph of ${label} beside that of ${shownEngine(this)?.label ?? ''}"
            @click=${() => {
              send(this, 'lab-engine', { do: 'beside', id: beside ? null : id });
            }}
          >
            Side by side
          </button>`
    }`;
  }

  private caveat({ value }: ShownComparison): TemplateResult | string {
    if (!value.namesDiffer.some((differ) => differ)) return '';
    return html`<p class="muted">
      Engines that share hardly a node's name are aligned by the types and shapes of their layers,
      in order: look twice at what stands together.
    </p>`;
  }

  private columnsOf({ ids, value }: ShownComparison): readonly ErrorColumn<ComparedGroup>[] {
    const labels = ids.map((id) => this.engines.opened.find((e) => e.id === id)?.label ?? '');
    const others = labels.slice(1).map((label, k) => ({ label, at: k + 1 }));
    return [
      wordColumn(
        {
          id: 'title',
          title: 'Work',
          help: 'The ONNX nodes that the layers run',
          track: 'minmax(160px, 4fr)',
        },
        ({ title, nodes }) => (nodes.length === 0 ? title : nodes.join(' + ')),
        ({ title }) => title,
      ),
      ...labels.map((label, i) =>
        figureColumn<ComparedGroup>(
          {
            id: `time-${String(i)}`,
            title: label,
            help: `Time in ${label}, copies included`,
            track: 'minmax(64px, 1.5fr)',
          },
          ({ sides }) => sides[i]?.timeUs ?? null,
          timeText,
        ),
      ),
      ...others.map(({ label, at }) => ({
        ...figureColumn<ComparedGroup>(
          {
            id: `delta-${String(at)}`,
            title: value.engines.length === 2 ? 'Won or lost' : `Δ ${label}`,
            help: `Time in ${label} less that in ${labels[0] ?? ''}`,
            track: 'minmax(72px, 1fr)',
          },
          ({ sides }) => sides[at]?.deltaUs ?? null,
          deltaText,
        ),
        cell: ({ sides }: ComparedGroup) => deltaCell(sides[at]?.deltaUs ?? null, null),
      })),
      wordColumn(
        {
          id: 'change',
          title: 'Changed',
          help: 'What is done otherwise',
          track: 'minmax(96px, 2fr)',
        },
        changesText,
      ),
      wordColumn(
        {
          id: 'layers',
          title: 'Layers',
          help: 'Layers in each engine, with the copies around them',
          track: 'minmax(56px, 1fr)',
        },
        ({ sides }) =>
          sides.map(({ layers, copies }) => sideText(layers.length, copies.length)).join(' → '),
      ),
    ];
  }

  private isChosen({ sides }: ComparedGroup, at: number): boolean {
    const { selection } = this;
    if (selection?.kind !== 'built') return false;
    const side = sides[at];
    return [...(side?.layers ?? []), ...(side?.copies ?? [])].some(
      ({ index }) => String(index) === selection.name,
    );
  }

  /** Selects the group's first layer in the engine on show; where that has none, the nodes of the group. */
  private choose({ sides, nodes }: ComparedGroup, at: number): void {
    const shown = shownEngine(this);
    const line = sides[at]?.layers[0] ?? sides[at]?.copies[0];
    const [name] = nodes;
    const selection: Selection | null =
      line !== undefined && shown !== null
        ? withNodes(builtSelection(shown.engine, line.index), nodes)
        : name === undefined
          ? null
          : { kind: 'node', name, nodes };
    if (selection !== null) send(this, 'lab-select', { selection });
  }
}

/** A layer selected with all nodes of its group, so that the other engine marks the whole of it. */
const withNodes = (selection: Selection | null, nodes: readonly string[]): Selection | null =>
  selection && { ...selection, nodes: [...new Set([...selection.nodes, ...nodes])] };

const changesText = ({ sides }: ComparedGroup): string =>
  [...new Set(sides.flatMap(({ changes }) => changes.map((change) => CHANGE_WORDS[change])))].join(
    ', ',
  );

const sideText = (layers: number, copies: number): string =>
  copies === 0 ? String(layers) : `${String(layers)}+${String(copies)}`;

/** `−3.2 µs`, `+120 µs`. */
const deltaText = (us: number): string =>
  Math.abs(us) < 0.005 ? '0' : `${us < 0 ? '−' : '+'}${timeText(Math.abs(us))}`;

/** Won time is good, lost time bad; the sign says the same without colour. */
function deltaCell(us: number | null, whole: number | null): TemplateResult | string {
  if (us === null) return '';
  const share = whole === null || whole === 0 ? '' : ` (${percentText(Math.abs(us) / whole)})`;
  const kind = Math.abs(us) < 0.005 ? '' : us < 0 ? 'better' : 'worse';
  return html`<span class=${kind}>${deltaText(us)}${share}</span>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'engine-compare': EngineCompare;
  }
}
