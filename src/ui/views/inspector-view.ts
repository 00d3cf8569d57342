import type { PropertyValues, TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { PredictedEngine, PredictedLayer } from '../../core/sim/predicted-engine.ts';
import type {
  Change,
  Explanation,
  ModelSummary,
  NodeDetail,
  RuleInfo,
  WeightStats,
} from '../../api/analyze-api.ts';
import type { EditOption, PassView } from '../../api/rewrite-api.ts';
import type { Selection } from '../state/app-state.ts';
import type { OpenedEngine } from '../state/engine-state.ts';
import type { FindingList } from '../state/findings.ts';
import { NO_FINDINGS, findingOf, findingsAbout } from '../state/findings.ts';
import type { Loadable } from '../state/loadable.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import './edit-section.ts';
import './finding-card.ts';
import './group-card.ts';
import './layer-card.ts';
import './model-card.ts';
import './node-card.ts';
import './weight-card.ts';
import './why-section.ts';

/** The card of whatever is selected. */
@customElement('inspector-view')
export class InspectorView extends LitElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
        overflow: auto;
        background: var(--panel);
      }
      .empty {
        padding: 12px;
        color: var(--muted);
      }
    `,
  ];

  @property({ attribute: false }) selection: Selection | null = null;
  @property({ attribute: false }) summary: ModelSummary | null = null;
  @property({ attribute: false }) engine: PredictedEngine | null = null;
  /** The built engine on show; its cards come with it. */
  @property({ attribute: false }) built: OpenedEngine | null = null;
  @property({ attribute: false }) findings: FindingList = NO_FINDINGS;
  /** Modules drawn as one box. */
  @property({ attribute: false }) folded: readonly string[] = [];
  @property({ attribute: false }) nodeDetail: Loadable<NodeDetail> = { state: 'idle' };
  @property({ attribute: false }) weight: Loadable<WeightStats> = { state: 'idle' };
  @property({ attribute: false }) why: Loadable<Explanation> = { state: 'idle' };
  @property({ attribute: false }) change: Loadable<Change | null> = { state: 'idle' };
  @property({ attribute: false }) confidence: readonly number[] = [];
  @property() changeStep = '';
  @property({ attribute: false }) rules: readonly RuleInfo[] = [];
  /** Edits of Q/DQ that the selection offers. */
  @property({ attribute: false }) options: Loadable<readonly EditOption[]> = { state: 'idle' };
  /** What passes would do, where that was looked at. */
  @property({ attribute: false }) passes: readonly PassView[] = [];
  /** True while a change of the model is under way. */
  @property({ type: Boolean }) busy = false;
  private rulesById: ReadonlyMap<string, RuleInfo> = new Map();

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('rules')) this.rulesById = new Map(this.rules.map((rule) => [rule.id, rule]));
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('selection')) this.scrollTop = 0;
  }

  override render(): TemplateResult {
    const { selection } = this;
    if (selection === null) return this.nothingSelected();
    if (selection.kind === 'built')
      return html`<built-card .shown=${this.built} .index=${Number(selection.name)}></built-card>`;
    if (selection.kind === 'layer') {
      const layer = this.engine?.layers.find(({ name }) => name === selection.name);
      return layer === undefined ? this.nothingSelected() : this.layerCard(layer);
    }
    if (selection.kind === 'node')
      return html`<node-card
        .name=${selection.name}
        .detail=${this.nodeDetail}
        .engine=${this.engine}
        .findings=${findingsAbout(this.findings, [selection.name])}
        .why=${this.whySection(true)}
        .edits=${this.editSection()}
      ></node-card>`;
    if (selection.kind === 'value')
      return html`<weight-card
        .name=${selection.name}
        .readers=${selection.nodes}
        .weight=${this.weight}
        .edits=${this.editSection()}
      ></weight-card>`;
    if (selection.kind === 'finding')
      return html`<finding-card
        .finding=${findingOf(this.findings, selection.name) ?? null}
        .engine=${this.engine}
        .passes=${this.passes}
        ?busy=${this.busy}
      ></finding-card>`;
    return html`<group-card
      .name=${selection.name}
      .nodes=${selection.nodes}
      .engine=${this.engine}
      ?folded=${this.folded.includes(selection.name)}
    ></group-card>`;
  }

  private whySection(steps: boolean): TemplateResult {
    return html`<why-section
      ?steps=${steps}
      .why=${this.why}
      .change=${this.change}
      .changeStep=${this.changeStep}
      .rules=${this.rulesById}
    ></why-section>`;
  }

  private editSection(): TemplateResult {
    return html`<edit-section .options=${this.options} ?busy=${this.busy}></edit-section>`;
  }

  private layerCard(layer: PredictedLayer): TemplateResult {
    return html`<layer-card
      .layer=${layer}
      .sure=${this.confidence[layer.index]}
      .findings=${findingsAbout(this.findings, layer.nodes)}
      .why=${this.whySection(false)}
      .edits=${this.editSection()}
      .rules=${this.rulesById}
    ></layer-card>`;
  }

  private nothingSelected(): TemplateResult {
    if (this.summary === null && this.built !== null)
      return html`<engine-card .shown=${this.built}></engine-card>`;
    return this.summary === null
      ? html`<p class="empty">Nothing is open yet.</p>`
      : html`<model-card .summary=${this.summary}></model-card>`;
  }
}
