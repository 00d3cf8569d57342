import type { PropertyValues, TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { PredictedEngine } from '../../core/sim/predicted-engine.ts';
import type { ModelSummary, RuleInfo, Shortfall } from '../../api/analyze-api.ts';
import type { AppState, DrawerTab, Selection } from '../state/app-state.ts';
import { DRAWER_TABS, INITIAL_STATE } from '../state/app-state.ts';
import type { FindingList } from '../state/findings.ts';
import { NO_FINDINGS } from '../state/findings.ts';
import type { Loadable } from '../state/loadable.ts';
import { valueOf } from '../state/loadable.ts';
import type { ValidationState } from '../state/validation-state.ts';
import { INITIAL_VALIDATION } from '../state/validation-state.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import './findings-list.ts';
import './layer-table.ts';
import { send } from './send.ts';
import './shortfall-list.ts';
import './trace-table.ts';

const TAB_WORDS: Readonly<Record<DrawerTab, string>> = {
  findings: 'Findings',
  reference: 'Best reachable',
  trace: 'Trace of the builder',
  validation: 'Validation',
  built: 'Built engine',
  layers: 'Layers',
  remarks: 'Remarks',
};

const VERDICT_SIGNS = { exact: '=', within: '✓', measured: '≈', failed: '✗', '': '' } as const;

/** The lists about the whole engine, one at a time. */
@customElement('drawer-view')
export class DrawerView extends LitElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        grid-template-rows: auto minmax(0, 1fr);
        min-height: 0;
        background: var(--panel);
      }
      [role='tablist'] {
        display: flex;
        gap: 4px;
        padding: 0 8px;
        overflow-x: auto;
        border-bottom: 1px solid var(--line);
      }
      [role='tab'] {
        min-height: 32px;
        padding: 0 8px;
        border: 0;
        border-radius: 0;
        color: var(--muted);
        background: none;
      }
      [role='tab']:focus-visible {
        outline-offset: -2px;
      }
      [role='tab'][aria-selected='true'] {
        color: var(--text);
        box-shadow: inset 0 -2px 0 var(--text);
      }
      [role='tabpanel'] {
        display: grid;
        min-height: 0;
        overflow: hidden;
      }
      .remarks {
        overflow: auto;
        margin: 0;
        padding: 8px 12px 8px 28px;
      }
      .remarks li + li {
        margin-top: 6px;
      }
      p {
        margin: 0;
        padding: 12px;
      }
    `,
  ];

  @property({ attribute: false }) engine: PredictedEngine | null = null;
  @property({ attribute: false }) findings: Loadable<FindingList> = { state: 'idle' };
  @property({ attribute: false }) shortfall: Loadable<Shortfall> = { state: 'idle' };
  @property({ attribute: false }) confidence: readonly number[] = [];
  @property({ attribute: false }) rules: readonly RuleInfo[] = [];
  @property({ attribute: false }) selection: Selection | null = null;
  @property({ attribute: false }) validation: ValidationState = INITIAL_VALIDATION;
  @property({ attribute: false }) summary: ModelSummary | null = null;
  /** What the panel of built engines shows is many things at once. */
  @property({ attribute: false }) app: AppState = INITIAL_STATE;
  @property() tab: DrawerTab = 'findings';

  /** Most visits never validate nor open an engine: the code for it comes when the tab is first looked at. */
  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('tab')) return;
    if (this.tab === 'validation') void import('./validation-panel.ts');
    if (this.tab === 'built') void import('./engine-panel.ts');
  }

  /** On narrow screens the tabs are wider than there is room. */
  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('tab'))
      this.renderRoot
        .querySelector(`#tab-${this.tab}`)
        ?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  override render(): TemplateResult {
    return html`<div role="tablist" aria-label="Details" @keydown=${this.onKey}>
        ${DRAWER_TABS.map(
          (tab) =>
            html`<button
              role="tab"
              id="tab-${tab}"
              aria-selected=${tab === this.tab}
              aria-controls="panel"
              tabindex=${tab === this.tab ? 0 : -1}
              @click=${() => this.show(tab)}
            >
              ${TAB_WORDS[tab]} <span class="muted number">${this.countOf(tab)}</span>
            </button>`,
        )}
      </div>
      <div role="tabpanel" id="panel" aria-labelledby="tab-${this.tab}">${this.panel()}</div>`;
  }

  private countOf(tab: DrawerTab): number | string {
    if (tab === 'validation')
      return VERDICT_SIGNS[this.validation.shown?.report.verdict.status ?? ''];
    if (tab === 'built') return this.app.engines.opened.length || '';
    if (this.engine === null) return '';
    const { trace, layers, remarks } = this.engine;
    const findings = (valueOf(this.findings) ?? NO_FINDINGS).all;
    const reference = valueOf(this.shortfall)?.differences;
    return { findings, reference, trace, layers, remarks }[tab]?.length ?? '';
  }

  private panel(): TemplateResult {
    const { engine, selection, findings } = this;
    if (this.tab === 'validation')
      return html`<validation-panel
        .validation=${this.validation}
        .summary=${this.summary}
        .selection=${selection}
        .engine=${engine}
      ></validation-panel>`;
    if (this.tab === 'built') return html`<engine-panel .app=${this.app}></engine-panel>`;
    if (engine === null) return html`<p class="muted">There is no prediction yet.</p>`;
    switch (this.tab) {
      case 'findings':
        return html`<findings-list .findings=${findings} .selection=${selection}></findings-list>`;
      case 'reference':
        return html`<shortfall-list
          .engine=${engine}
          .shortfall=${this.shortfall}
          .selection=${selection}
        ></shortfall-list>`;
      case 'trace':
        return html`<trace-table
          .engine=${engine}
          .rules=${this.rules}
          .selection=${selection}
        ></trace-table>`;
      case 'layers':
        return html`<layer-table
          .engine=${engine}
          .confidence=${this.confidence}
          .selection=${selection}
        ></layer-table>`;
      case 'remarks':
        return engine.remarks.length === 0
          ? html`<p class="muted">Nothing to remark.</p>`
          : html`<ul class="remarks">
              ${engine.remarks.map((remark) => html`<li>${remark}</li>`)}
            </ul>`;
    }
  }

  private show(drawerTab: DrawerTab): void {
    send(this, 'lab-layout', { drawerTab });
  }

  private onKey(event: KeyboardEvent): void {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const count = DRAWER_TABS.length;
    const next = DRAWER_TABS[(DRAWER_TABS.indexOf(this.tab) + step + count) % count];
    if (next === undefined) return;
    this.show(next);
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>(`#tab-${next}`)?.focus(),
    );
  }
}
