import type { PropertyValues, TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Precision } from '../../core/sim/predicted-engine.ts';
import type { AppState, Selection } from '../state/app-state.ts';
import { INITIAL_STATE } from '../state/app-state.ts';
import { sameWork } from '../state/same-work.ts';
import { differingBoxes } from '../state/differing-boxes.ts';
import type { OpenedEngine } from '../state/engine-state.ts';
import { besideEngine, engineInSight, shownEngine, standsAlone } from '../state/engine-state.ts';
import type { HeatMark } from '../state/error-heat.ts';
import { heatOf } from '../state/error-heat.ts';
import { followSelection } from '../state/follow-selection.ts';
import { countText } from '../state/format-text.ts';
import { canUndo } from '../state/history.ts';
import { valueOf } from '../state/loadable.ts';
import { engineText } from '../state/targets.ts';
import '../widgets/split-view.ts';
import type { GraphPane } from './graph-pane.ts';
import './graph-pane.ts';
import { send } from './send.ts';

const REFUSED = 'TensorRT refuses this model. This is the engine that it would build otherwise.';

/** Seen from another engine a layer is the nodes that it runs. */
const withoutBuilt = (selection: Selection | null): Selection | null =>
  selection?.kind === 'built' ? { ...selection, kind: 'module' } : selection;

const NO_HEAT: ReadonlyMap<string, HeatMark> = new Map();

/** The errors to colour graphs by; none unless the user wants to see them. */
const heatOn = ({ validation }: AppState): ReadonlyMap<string, HeatMark> =>
  validation.painted && validation.shown !== null
    ? heatOf(validation.shown.report, validation.list)
    : NO_HEAT;

/** The two graphs side by side: the model and its engine, or the engine before all changes and now. */
@customElement('graph-pair')
export class GraphPair extends LitElement {
  static override styles = css`
    :host {
      display: grid;
      min-width: 0;
      min-height: 0;
    }
  `;

  @property({ attribute: false }) app: AppState = INITIAL_STATE;
  /** Precision by node name, to colour the model by. */
  @property({ attribute: false }) tints: ReadonlyMap<string, Precision> = new Map();
  /** Shows one of the two alone; '' shows both. */
  @property({ attribute: false }) only: '' | 'first' | 'second' = '';
  /** True where TensorRT takes the model for nothing. */
  @property({ type: Boolean }) refused = false;
  private differingBefore: ReadonlySet<string> = new Set();
  private differingNow: ReadonlySet<string> = new Set();
  private heat: ReadonlyMap<string, HeatMark> = NO_HEAT;

  /** Shows both graphs whole. */
  fit(): void {
    for (const pane of this.panes()) pane.fit();
  }

  /** Puts the keyboard into one of the graphs. */
  focusPane(which: 'model' | 'engine'): void {
    const [first, second] = this.panes();
    (which === 'model' ? first : second)?.focus();
  }

  protected override willUpdate(changed: PropertyValues): void {
    const previous = changed.get('app') as AppState | undefined;
    const { painted, shown, list } = this.app.validation;
    const was = previous?.validation;
    if (painted !== was?.painted || shown !== was.shown || list !== was.list)
      this.heat = heatOn(this.app);
    const { lab, prediction } = this.app;
    const told = lab.comparison !== previous?.lab.comparison;
    if (!told && lab.before === previous.lab.before && prediction === previous.prediction) return;
    const differences = valueOf(lab.comparison)?.differences ?? [];
    this.differingBefore = differingBoxes(lab.before?.engine ?? null, differences, 'before');
    this.differingNow = differingBoxes(prediction?.engine ?? null, differences, 'after');
  }

  override render(): TemplateResult {
    const { layout } = this.app;
    return html`<split-view
      label="Width of the left graph"
      .ratio=${layout.graphSplit}
      .only=${standsAlone(this.app) && besideEngine(this.app) === null ? 'second' : this.only}
      @split-change=${(event: CustomEvent<number>) => {
        send(this, 'lab-layout', { graphSplit: event.detail });
      }}
    >
      ${this.firstPane()} ${this.secondPane()}
    </split-view>`;
  }

  private firstPane(): TemplateResult {
    if (this.isComparing) return this.beforePane();
    const { engines, model } = this.app;
    const beside = besideEngine(this.app);
    if (beside !== null) return this.builtPane('first', beside);
    const both = engines.side === 'both' && model !== null && shownEngine(this.app) !== null;
    return both ? this.enginePane('first') : this.modelPane();
  }

  private secondPane(): TemplateResult {
    const built = engineInSight(this.app);
    return built === null || this.isComparing
      ? this.enginePane('second')
      : this.builtPane('second', built);
  }

  private get isComparing(): boolean {
    return this.app.layout.comparing && canUndo(this.app.lab.history);
  }

  private get waiting(): string {
    return this.app.opening === null ? 'Open an ONNX model, or drop one here.' : '';
  }

  private modelPane(): TemplateResult {
    const { model, selection, hoveredNodes, search, lab } = this.app;
    const done = lab.history?.done ?? 0;
    return html`<graph-pane
      slot="first"
      heading="Model"
      what=${done === 0 ? 'as the file has it' : `after ${countText(done, 'step')}`}
      .placeholder=${this.waiting}
      .scene=${model?.scene ?? null}
      .tints=${this.tints}
      .heat=${this.heat}
      .selection=${selection}
      .hoveredNodes=${hoveredNodes}
      .search=${search}
    ></graph-pane>`;
  }

  private beforePane(): TemplateResult {
    const { selection, hoveredNodes, search, lab } = this.app;
    const { before } = lab;
    return html`<graph-pane
      slot="first"
      class="before"
      heading="Engine before"
      what="of the model as it was opened"
      placeholder="Predicting the engine before…"
      .scene=${before?.scene ?? null}
      .engine=${before?.engine ?? null}
      .selection=${selection}
      .hoveredNodes=${hoveredNodes}
      .search=${search}
      .differing=${this.differingBefore}
      .differingWords=${'differs from the engine after'}
      @lab-select=${this.onSelectBefore}
    ></graph-pane>`;
  }

  private enginePane(slot: 'first' | 'second'): TemplateResult {
    const { model, prediction, selection, hoveredNodes, search, target, lab } = this.app;
    const changed = canUndo(lab.history);
    return html`<graph-pane
      slot=${slot}
      heading=${this.isComparing ? 'Engine after' : 'Predicted engine'}
      .what=${engineText(prediction?.engine.target ?? target)}
      .placeholder=${model === null ? this.waiting : 'Predicting the engine…'}
      .scene=${prediction?.scene ?? null}
      .heat=${this.heat}
      .engine=${prediction?.engine ?? null}
      .selection=${selection}
      .hoveredNodes=${hoveredNodes}
      .search=${search}
      .caveat=${this.refused ? REFUSED : ''}
      .problem=${this.app.predictionError}
      .differing=${slot === 'first' ? this.app.engines.differing.first : this.differingNow}
      .differingWords=${slot === 'first' ? 'differs from what was built' : 'differs from before'}
      .toggle=${changed ? (this.isComparing ? 'on' : 'off') : ''}
      >${slot === 'second' ? this.engineTools() : ''}</graph-pane
    >`;
  }

  private builtPane(slot: 'first' | 'second', shown: OpenedEngine): TemplateResult {
    const { engine, label, scene } = shown;
    const isMain = slot === 'second';
    const { selection, hoveredNodes, search, engines } = this.app;
    const other = isMain ? besideEngine(this.app) : shownEngine(this.app);
    return html`<graph-pane
      slot=${slot}
      class=${isMain ? 'built' : 'beside'}
      built
      heading="Built engine"
      .what=${label}
      .scene=${scene}
      .engine=${engine}
      .boxHeat=${isMain ? engines.heat : null}
      .differing=${engines.differing[slot]}
      .differingWords=${`differs from ${other?.label ?? 'the prediction'}`}
      .selection=${isMain ? selection : withoutBuilt(selection)}
      .hoveredNodes=${hoveredNodes}
      .search=${search}
      @lab-select=${isMain ? null : this.onSelectBeside}
      >${isMain ? this.engineTools() : ''}</graph-pane
    >`;
  }

  /** A layer of the engine beside is selected as what does its work in the engine on show. */
  private onSelectBeside(event: CustomEvent<{ readonly selection: Selection | null }>): void {
    const { selection } = event.detail;
    const shown = shownEngine(this.app);
    if (selection?.kind !== 'built' || shown === null) return;
    event.stopPropagation();
    send(this, 'lab-select', { selection: sameWork(shown.engine, selection.nodes) });
  }

  /** What to show of the built engines and how; their code comes with the first of them. */
  private engineTools(): TemplateResult | string {
    const { engines, model } = this.app;
    if (engines.opened.length === 0) return '';
    return html`<engine-tools
      slot="tools"
      .engines=${engines}
      ?alone=${model === null}
    ></engine-tools>`;
  }

  /** A layer of the engine before is selected as what became of it, for all else is about the engine of now. */
  private onSelectBefore(event: CustomEvent<{ readonly selection: Selection | null }>): void {
    const { selection } = event.detail;
    const { prediction } = this.app;
    if (selection?.kind !== 'layer' || prediction === null) return;
    event.stopPropagation();
    const [name] = selection.nodes;
    const node: Selection | null =
      name === undefined ? null : { kind: 'node', name, nodes: selection.nodes };
    const followed = followSelection(selection, prediction.engine) ?? node;
    send(this, 'lab-select', { selection: followed });
  }

  private panes(): readonly GraphPane[] {
    return [...this.renderRoot.querySelectorAll<GraphPane>('graph-pane')];
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'graph-pair': GraphPair;
  }
}
