import type { PropertyValues, TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { PredictedEngine, TraceEvent } from '../../core/sim/predicted-engine.ts';
import type { RuleInfo } from '../../api/analyze-api.ts';
import type { Selection } from '../state/app-state.ts';
import { countText } from '../state/format-text.ts';
import type { TraceFilter } from '../state/trace-filter.ts';
import { filteredTrace, passCounts, traceAsTsv } from '../state/trace-filter.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { copyButton } from '../widgets/copy-button.ts';
import type { RowEvent } from '../widgets/virtual-list.ts';
import '../widgets/virtual-list.ts';
import { virtualListStyles } from '../widgets/virtual-list.ts';
import { send } from './send.ts';
import { tableStyles } from './table-styles.ts';

/** What the simulated builder did, step by step, in the words of the real builder's log. */
@customElement('trace-table')
export class TraceTable extends LitElement {
  static override styles = [
    baseStyles,
    virtualListStyles,
    tableStyles,
    css`
      .table {
        --columns: 44px minmax(120px, 1.2fr) minmax(120px, 1.4fr) 64px minmax(160px, 3fr);
      }
      .refused {
        color: var(--bad-text);
      }
    `,
  ];

  @property({ attribute: false }) engine: PredictedEngine | null = null;
  @property({ attribute: false }) rules: readonly RuleInfo[] = [];
  @property({ attribute: false }) selection: Selection | null = null;
  @state() private filter: TraceFilter = { pass: '', outcome: '', text: '', nodes: null };
  @state() private ofSelection = false;
  private rows: readonly TraceEvent[] = [];
  private order: ReadonlyMap<TraceEvent, number> = new Map();
  private summaries: ReadonlyMap<string, string> = new Map();
  private passes: ReadonlyMap<string, number> = new Map();

  protected override willUpdate(changed: PropertyValues): void {
    const trace = this.engine?.trace ?? [];
    if (changed.has('engine')) {
      this.passes = passCounts(trace);
      this.order = new Map(trace.map((event, i) => [event, i + 1]));
    }
    if (changed.has('rules'))
      this.summaries = new Map(this.rules.map(({ id, summary }) => [id, summary]));
    const nodes = this.ofSelection ? (this.selection?.nodes ?? null) : null;
    this.rows = filteredTrace(trace, { ...this.filter, nodes });
  }

  override render(): TemplateResult {
    return html`${this.tools()}
      <div class="table">
        <div class="head">
          <span>#</span><span>Pass</span><span>Node</span><span>Outcome</span><span>What</span>
        </div>
        ${
          this.rows.length === 0
            ? html`<p class="empty">No event passes these filters.</p>`
            : html`<virtual-list
                id="trace"
                aria-label="Trace of the builder"
                .items=${this.rows}
                .context=${this.summaries}
                .renderRow=${this.renderRow}
                @row-activate=${this.onActivate}
              ></virtual-list>`
        }
      </div>`;
  }

  private tools(): TemplateResult {
    return html`<div class="tools">
      <select
        aria-label="Pass"
        @change=${(e: Event) => {
          this.narrow({ pass: textOf(e) });
        }}
      >
        <option value="">All passes</option>
        ${[...this.passes].map(
          ([pass, count]) =>
            html`<option value=${pass} .selected=${pass === this.filter.pass}>
              ${pass} (${count})
            </option>`,
        )}
      </select>
      <select
        aria-label="Outcome"
        @change=${(e: Event) => {
          this.narrow({ outcome: textOf(e) as TraceFilter['outcome'] });
        }}
      >
        <option value="">Done and refused</option>
        <option value="fired">Done</option>
        <option value="refused">Refused</option>
      </select>
      <input
        type="search"
        placeholder="Filter"
        aria-label="Filter the trace"
        @input=${(e: Event) => {
          this.narrow({ text: textOf(e) });
        }}
      />
      <label
        ><input
          type="checkbox"
          .checked=${this.ofSelection}
          ?disabled=${this.selection === null}
          @change=${(e: Event) => {
            this.ofSelection = (e.target as HTMLInputElement).checked;
          }}
        />only the selection</label
      >
      <span class="grow"></span>
      <span class="muted number">${countText(this.rows.length, 'event')}</span>
      ${copyButton(() => traceAsTsv(this.rows), 'Copy these events as tab-separated text')}
    </div>`;
  }

  private readonly renderRow = (item: unknown): TemplateResult => {
    const event = item as TraceEvent;
    const what = event.text === '' ? (this.summaries.get(event.ruleId) ?? '') : event.text;
    return html`<div class="cells" title="${event.phase}&#10;${what}">
      <span class="number muted">${this.order.get(event)}</span>
      <span>${event.pass}</span>
      <span class="mono">${event.node}</span>
      <span class=${event.outcome}>${event.outcome === 'fired' ? 'done' : 'refused'}</span>
      <span class=${event.text === '' ? 'muted' : ''}>${what}</span>
    </div>`;
  };

  private narrow(patch: Partial<TraceFilter>): void {
    this.filter = { ...this.filter, ...patch };
  }

  private onActivate(event: CustomEvent<RowEvent>): void {
    const row = this.rows[event.detail.index];
    const name = row?.nodes[0];
    if (name === undefined) return;
    send(this, 'lab-select', { selection: { kind: 'node', name, nodes: row?.nodes ?? [name] } });
  }
}

const textOf = (event: Event): string =>
  (event.target as HTMLInputElement | HTMLSelectElement).value;
