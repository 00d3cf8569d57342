import type { PropertyValues, TemplateResult } from 'lit';
import { LitElement, html } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import type { EngineGraph, EngineLayer, Precision } from '../../core/sim/predicted-engine.ts';
import { SAMPLES } from '../services/samples.ts';
import type { AppState, Layout, Place } from '../state/app-state.ts';
import { engineInSight, shownEngine, standsAlone } from '../state/engine-state.ts';
import { INITIAL_STATE } from '../state/app-state.ts';
import type { CompanionJob } from '../state/companion-state.ts';
import type { FindingList } from '../state/findings.ts';
import { NO_FINDINGS, isRefusal } from '../state/findings.ts';
import { percentText } from '../state/format-text.ts';
import { canUndo, pendingOf } from '../state/history.ts';
import { fusionGroup, layerByNode } from '../state/layer-words.ts';
import { valueOf } from '../state/loadable.ts';
import { searchMatches } from '../state/module-tree.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import '../widgets/split-view.ts';
import '../views/calibrate-dialog.ts';
import '../views/drawer-view.ts';
import type { GraphPair } from '../views/graph-pair.ts';
import '../views/graph-pair.ts';
import '../views/inspector-view.ts';
import '../views/job-card.ts';
import '../views/keys-overlay.ts';
import '../views/lab-view.ts';
import '../views/open-progress.ts';
import type { OutlineView } from '../views/outline-view.ts';
import '../views/outline-view.ts';
import '../views/place-tabs.ts';
import '../views/problem-card.ts';
import { send } from '../views/send.ts';
import '../views/summary-strip.ts';
import type { TopBar } from '../views/top-bar.ts';
import '../views/top-bar.ts';
import { keyCommand, obey } from './app-keys.ts';
import { appStyles } from './app-styles.ts';
import { listenForDrops } from './file-drop.ts';
import type { Lab } from './view-actions.ts';
import { listenToViews, takeFiles, viewActions } from './view-actions.ts';

const FOCUS_OF = { inspector: 'inspector-view', drawer: 'drawer-view', lab: 'lab-view' } as const;

/** Commands that change the layout and leave the keyboard where it is. */
const STAYS = ['details', 'compare'];

/** The engine by which the model is coloured: the one that stands beside it. */
const engineOfModel = (app: AppState): EngineGraph | null =>
  (app.engines.side === 'built' ? shownEngine(app)?.engine : null) ??
  app.prediction?.engine ??
  null;

/** How far the build is; empty where none is under way. */
function buildingText(job: CompanionJob | null): string {
  if (job === null || job.stage === 'ended') return '';
  return job.stage === 'building' && job.fraction !== null ? percentText(job.fraction) : '…';
}

/** Whether a dialog is open: keys are for it alone then, and Escape closes it. */
const hasDialog = ({ keysShown, lab, validation, companion }: AppState): boolean =>
  keysShown || lab.calibrating !== null || validation.wish !== null || companion?.shown === true;

/** The page: shows the state, and turns what views ask for into changes of it. */
@customElement('qdq-lab')
export class QdqLab extends LitElement {
  static override styles = [baseStyles, appStyles];

  @state() private app: AppState = INITIAL_STATE;
  @state() private dropping = false;
  @state() private narrow = false;
  private lab: Lab | null = null;
  private findings: FindingList = NO_FINDINGS;
  private layers: ReadonlyMap<string, EngineLayer> = new Map();
  private tints: ReadonlyMap<string, Precision> = new Map();
  private matchCount = 0;
  private readonly narrowScreen = matchMedia('(max-width: 899px)');
  private stop: (() => void)[] = [];

  /** Connects the page to its state. Called once. */
  start(lab: Lab): void {
    const { store } = lab;
    this.lab = lab;
    this.app = store.state;
    store.subscribe((app) => {
      this.app = app;
    });
    const actions = viewActions(lab, {
      isNarrow: () => this.narrow,
      groupOf: (nodes) => fusionGroup(this.layers, nodes),
      focusPlace: (place) => {
        this.focusPlace(place);
      },
    });
    listenToViews(this, actions);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const onWidth = (): void => {
      this.narrow = this.narrowScreen.matches;
    };
    onWidth();
    this.narrowScreen.addEventListener('change', onWidth);
    document.addEventListener('keydown', this.onKey);
    this.stop = [
      () => {
        this.narrowScreen.removeEventListener('change', onWidth);
      },
      () => {
        document.removeEventListener('keydown', this.onKey);
      },
      listenForDrops({
        onHover: (hovering) => {
          this.dropping = hovering;
        },
        onFiles: (files) => {
          if (this.lab !== null) void takeFiles(this.lab, files);
        },
      }),
    ];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.stop) stop();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has('app')) return;
    const previous = changed.get('app') as AppState | undefined;
    const { model, search } = this.app;
    const engine = engineOfModel(this.app);
    if (previous === undefined || engine !== engineOfModel(previous)) {
      this.layers = engine === null ? new Map() : layerByNode(engine);
      this.tints = new Map([...this.layers].map(([node, { precision }]) => [node, precision]));
    }
    this.findings = valueOf(this.app.findings) ?? NO_FINDINGS;
    if (model !== null && model !== previous?.model)
      document.title = `${model.summary.fileName} · QDQ Lab`;
    else if (standsAlone(this.app))
      document.title = `${shownEngine(this.app)?.label ?? ''} · QDQ Lab`;
    const listed = model?.fullScene ?? shownEngine(this.app)?.scene;
    this.matchCount = listed === undefined ? 0 : searchMatches(listed, search).length;
  }

  override render(): TemplateResult {
    const { app } = this;
    return html`<top-bar
        .summary=${app.model?.summary ?? null}
        .engineName=${standsAlone(app) ? (shownEngine(app)?.label ?? '') : ''}
        .target=${app.target}
        .samples=${SAMPLES}
        .history=${app.lab.history}
        ?labOpen=${app.layout.labOpen}
        .offlineReady=${app.offlineReady}
        .building=${buildingText(app.companion?.job ?? null)}
      ></top-bar>
      <main class="window">${this.places()} ${this.overlays()}</main>
      ${this.strip()}
      <place-tabs .place=${app.layout.place} .words=${this.placeWords()}></place-tabs>
      <keys-overlay .shown=${app.keysShown}></keys-overlay>
      <calibrate-dialog
        .wish=${app.lab.calibrating}
        .job=${app.lab.job}
        .summary=${app.model?.summary ?? null}
        .pending=${pendingOf(app.lab.history).length}
      ></calibrate-dialog>
      ${this.validateDialog()} ${this.companionDialog()}
      <p class="notice" role="status">
        ${app.lab.notice === '' ? '' : keyed(app.lab.notice, html`<span>${app.lab.notice}</span>`)}
      </p>
      ${
        this.dropping
          ? html`<div class="drop">
              Drop the model, and its external data files with it; or what trtexec says of an
              engine; or a placement, or images to calibrate with
            </div>`
          : ''
      }`;
  }

  /** The figures of the engine on show. */
  private strip(): TemplateResult {
    const { app } = this;
    const built = engineInSight(app);
    if (built !== null && (app.engines.side === 'built' || app.model === null))
      return html`<engine-strip .shown=${built} .layout=${app.layout}></engine-strip>`;
    return html`<summary-strip
      .prediction=${app.prediction}
      .findings=${this.findings}
      .comparison=${valueOf(app.lab.comparison) ?? null}
      .layout=${app.layout}
      .predicting=${app.predicting}
    ></summary-strip>`;
  }

  /** What the two graphs are called just now, where the usual words are wrong. */
  private placeWords(): Partial<Record<Place, string>> {
    const { layout, lab, engines } = this.app;
    if (layout.comparing && canUndo(lab.history)) return { model: 'Before', engine: 'After' };
    if (engineInSight(this.app) === null) return {};
    return engines.side === 'both' && !standsAlone(this.app)
      ? { model: 'Predicted', engine: 'Built' }
      : { engine: 'Built' };
  }

  /** Its code comes when it is first asked for. */
  private validateDialog(): TemplateResult {
    const { validation, model, lab, prediction } = this.app;
    if (validation.wish !== null) void import('../views/validate-dialog.ts');
    return html`<validate-dialog
      .wish=${validation.wish}
      .job=${validation.job}
      .problem=${validation.problem}
      .summary=${model?.summary ?? null}
      ?changed=${canUndo(lab.history)}
      .pending=${pendingOf(lab.history).length}
      .engine=${prediction?.engine ?? null}
    ></validate-dialog>`;
  }

  private companionDialog(): TemplateResult | string {
    const { companion, target, model, lab } = this.app;
    if (companion === null) return '';
    return html`<companion-dialog
      .companion=${companion}
      .target=${target}
      .summary=${model?.summary ?? null}
      .pending=${pendingOf(lab.history).length}
    ></companion-dialog>`;
  }

  private places(): TemplateResult {
    const { layout, selection, prediction } = this.app;
    const engine = prediction?.engine ?? null;
    const drawerAlone = this.narrow && layout.place === 'drawer';
    const only = drawerAlone ? 'second' : layout.drawerOpen && !this.narrow ? '' : 'first';
    return html`<split-view
      direction="column"
      label="Height of the details"
      .ratio=${layout.drawerSplit}
      .only=${only}
      @split-change=${(event: CustomEvent<number>) => {
        this.relayout({ drawerSplit: event.detail });
      }}
    >
      <div class="upper ${layout.labOpen ? 'with-lab' : ''}" slot="first">${this.upper()}</div>
      <drawer-view
        slot="second"
        tabindex="-1"
        .engine=${engine}
        .findings=${this.app.findings}
        .shortfall=${this.app.shortfall}
        .confidence=${this.app.confidence}
        .rules=${this.app.rules}
        .selection=${selection}
        .validation=${this.app.validation}
        .app=${this.app}
        .summary=${this.app.model?.summary ?? null}
        .tab=${layout.drawerTab}
      ></drawer-view>
    </split-view>`;
  }

  private upper(): TemplateResult {
    const { app, narrow } = this;
    const { layout } = app;
    const graphs = layout.place === 'model' || layout.place === 'engine';
    const only = narrow ? (layout.place === 'model' ? 'first' : 'second') : '';
    return html`${this.leftColumn()}
      <graph-pair
        class=${graphs ? 'shown' : ''}
        .app=${app}
        .tints=${this.tints}
        .only=${only}
        .refused=${this.findings.groups.some(isRefusal)}
      ></graph-pair>
      ${this.inspector()}`;
  }

  /** The outline or the laboratory; where one place is shown at a time, either may be the one. */
  private leftColumn(): TemplateResult {
    const { app, narrow } = this;
    const { layout, model, selection } = app;
    const outline = html`<outline-view
      tabindex="-1"
      class=${layout.place === 'outline' ? 'shown' : ''}
      .model=${model}
      .engine=${model === null ? shownEngine(app) : null}
      .layerByNode=${this.layers}
      .selection=${selection}
      .search=${app.search}
      .matchCount=${this.matchCount}
    ></outline-view>`;
    const lab = html`<lab-view
      tabindex="-1"
      class=${layout.place === 'lab' ? 'shown' : ''}
      .lab=${app.lab}
      .selection=${selection}
      ?comparing=${layout.comparing}
    ></lab-view>`;
    return html`${narrow || !layout.labOpen ? outline : ''} ${narrow || layout.labOpen ? lab : ''}`;
  }

  private inspector(): TemplateResult {
    const { app } = this;
    const { layout, selection, model, prediction } = app;
    return html`<inspector-view
      tabindex="-1"
      class=${layout.place === 'inspector' ? 'shown' : ''}
      .selection=${selection}
      .summary=${model?.summary ?? null}
      .engine=${prediction?.engine ?? null}
      .built=${shownEngine(app)}
      .findings=${this.findings}
      .folded=${model?.folded ?? []}
      .nodeDetail=${app.nodeDetail}
      .weight=${app.weight}
      .confidence=${app.confidence}
      .why=${app.why}
      .change=${app.change}
      .changeStep=${app.changeStep}
      .rules=${app.rules}
      .options=${app.lab.options}
      .passes=${valueOf(app.lab.passes) ?? []}
      ?busy=${app.lab.job !== null}
    ></inspector-view>`;
  }

  private overlays(): TemplateResult | string {
    const { problem, model, lab, engines } = this.app;
    const { job } = lab;
    const opening = this.app.opening ?? engines.reading;
    if (opening === null && problem === null && job === null) return '';
    return html`<div class="over">
      ${opening === null ? '' : html`<open-progress .opening=${opening}></open-progress>`}
      ${job === null ? '' : html`<job-card .job=${job}></job-card>`}
      ${
        problem === null
          ? ''
          : html`<problem-card
              .diagnostic=${problem}
              .kept=${model === null ? '' : `${model.summary.fileName} stays open.`}
              dismissable
            ></problem-card>`
      }
    </div>`;
  }

  private relayout(patch: Partial<Layout>): void {
    this.lab?.store.update({ layout: { ...this.app.layout, ...patch } });
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const command = hasDialog(this.app) ? null : keyCommand(event);
    if (command === null || this.lab === null) return;
    event.preventDefault();
    if (command.do === 'fit') this.graphs?.fit();
    else if (command.do === 'open') this.renderRoot.querySelector<TopBar>('top-bar')?.pickFiles();
    else if (command.do === 'edit') void this.lab.rewriting.edit(command.role);
    else if (command.do === 'build') send(this, 'lab-companion', { do: 'open' });
    else if (command.do === 'undo') void this.lab.rewriting.undo();
    else if (command.do === 'redo') void this.lab.rewriting.redo();
    else if (command.do === 'side' || command.do === 'heat') this.turnEngine(command.do);
    else {
      const patch = obey(command, this.app, this.findings.all);
      this.lab.store.update(patch);
      if (command.do === 'search') this.focusPlace('outline');
      else if (patch.layout !== undefined && STAYS.every((name) => name !== command.do))
        this.focusPlace(patch.layout.place);
    }
  };

  /** The keys do nothing before there is an engine. */
  private turnEngine(what: 'side' | 'heat'): void {
    if (this.app.engines.opened.length > 0)
      void this.lab?.engines().then((engines) => engines.obey({ do: what }));
  }

  private get graphs(): GraphPair | null {
    return this.renderRoot.querySelector('graph-pair');
  }

  /** Puts the keyboard into a place, once it is drawn. */
  private focusPlace(place: Place): void {
    void this.updateComplete.then(() => {
      const outline = this.renderRoot.querySelector<OutlineView>('outline-view');
      if (place === 'outline') outline?.focusSearch();
      else if (place === 'model' || place === 'engine') this.graphs?.focusPane(place);
      else this.renderRoot.querySelector<HTMLElement>(FOCUS_OF[place])?.focus();
    });
  }
}
