import type { PropertyValues, TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Diagnostic } from '../../core/base/diagnostic.ts';
import type { EngineGraph, Precision } from '../../core/sim/predicted-engine.ts';
import type { Scene } from '../../api/scene.ts';
import type { Selection } from '../state/app-state.ts';
import { goalOf, selectedItem } from '../state/graph-marks.ts';
import type { BoxHeat, HeatMark } from '../state/error-heat.ts';
import { HEAT_LEVELS } from '../state/error-heat.ts';
import { searchMatches } from '../state/module-tree.ts';
import { PRECISION_NAME, PRECISION_SIGN } from '../state/precision-text.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import type { BoxEvent, GraphView } from '../widgets/graph-view.ts';
import '../widgets/graph-view.ts';
import { inlineStyle } from '../widgets/inline-style.ts';
import { chipStyles, precisionChip } from '../widgets/precision-chip.ts';
import './problem-card.ts';
import { send } from './send.ts';

const NOTHING: ReadonlySet<string> = new Set();
const NO_MARKS: ReadonlyMap<string, HeatMark> = new Map();

const heatLegend = (levels: BoxHeat['levels']): readonly TemplateResult[] =>
  levels.map(
    ({ colour, short, words }) =>
      html`<span class="heat" title=${words} ${inlineStyle({ background: `var(${colour})` })}
        >${short}</span
      >`,
  );

/** One of the two graphs with its title, its legend, and what stands there while it is empty. */
@customElement('graph-pane')
export class GraphPane extends LitElement {
  static override styles = [
    baseStyles,
    chipStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-width: 0;
        min-height: 0;
      }
      header {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: 32px;
        padding: 2px 4px 2px 12px;
        border-bottom: 1px solid var(--line);
      }
      h2 {
        flex: none;
        margin: 0;
        font-size: 13px;
        white-space: nowrap;
      }
      .what {
        flex: 1 100 60px;
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        font-size: 12px;
      }
      :host([built]) {
        container-type: inline-size;
      }
      /* Beside the switches half a legend says nothing. */
      @container (max-width: 560px) {
        :host([built]) .legend {
          display: none;
        }
      }
      @media (max-width: 500px) {
        .legend {
          margin-left: auto;
        }
        .what {
          display: none;
        }
      }
      .compare[aria-pressed='true'] {
        border-color: var(--line-strong);
        background: var(--hover);
      }
      /* What does not fit is cut off: every box says its precision itself. */
      .legend {
        display: flex;
        flex: 0 1 auto;
        flex-wrap: wrap;
        gap: 4px;
        min-width: 0;
        height: 20px;
        overflow: hidden;
      }
      .heat {
        flex: none;
        height: 18px;
        padding: 0 5px;
        border-radius: 3px;
        font: 600 11px/18px var(--mono);
        color: #000000;
      }
      header > button {
        flex: none;
      }
      .stage {
        position: relative;
        flex: 1;
        min-height: 0;
        overflow: hidden;
      }
      graph-view {
        position: absolute;
        inset: 0;
      }
      .state {
        position: absolute;
        inset: 0;
        display: grid;
        place-content: center;
        padding: 24px;
        text-align: center;
        color: var(--muted);
      }
      .caveat {
        margin: 0;
        padding: 6px 12px;
        border-bottom: 1px solid var(--line);
        box-shadow: inset 4px 0 0 var(--bad);
        background: var(--raised);
      }
      .stage > problem-card {
        margin: 12px;
      }
    `,
  ];

  @property() heading = '';
  @property() what = '';
  /** Said while there is no scene. */
  @property() placeholder = '';
  @property({ attribute: false }) scene: Scene | null = null;
  /** The engine that `scene` draws; null for the model. */
  @property({ attribute: false }) engine: EngineGraph | null = null;
  /** That engine is one that TensorRT built. */
  @property({ type: Boolean, reflect: true }) built = false;
  /** Precision by node name, to colour the model by. */
  @property({ attribute: false }) tints: ReadonlyMap<string, Precision> = new Map();
  /** Errors by node name, in the place of precisions. */
  @property({ attribute: false }) heat: ReadonlyMap<string, HeatMark> = new Map();
  /** What boxes are coloured by in the place of both. */
  @property({ attribute: false }) boxHeat: BoxHeat | null = null;
  @property({ attribute: false }) selection: Selection | null = null;
  @property({ attribute: false }) hoveredNodes: readonly string[] = [];
  @property() search = '';
  @property({ attribute: false }) problem: Diagnostic | null = null;
  /** Ids of boxes that the other of two engines has not so. */
  @property({ attribute: false }) differing: ReadonlySet<string> = NOTHING;
  /** What legend, tip and voice say of these. */
  @property({ attribute: false }) differingWords = 'differs from before';
  /** Whether the engine before stands beside this one; '' offers nothing to compare with. */
  @property() toggle: '' | 'on' | 'off' = '';
  /** Said over the graph: why it is not to be relied on. */
  @property() caveat = '';
  private marked: ReadonlySet<string> = NOTHING;
  private found: ReadonlySet<string> = NOTHING;
  private selected: string | null = null;
  /** What the selection means in this graph. */
  private goal: string | undefined;
  /** The selection that was made in this graph, and so needs no scrolling to. */
  private ownSelection: string | null = null;

  /** Shows the whole graph. */
  fit(): void {
    this.graph?.fit();
  }

  override focus(): void {
    this.graph?.focus();
  }

  private get graph(): GraphView | null {
    return this.renderRoot.querySelector('graph-view');
  }

  protected override willUpdate(changed: PropertyValues): void {
    const { scene } = this;
    if (changed.has('scene') || changed.has('search'))
      this.found = scene === null ? NOTHING : new Set(searchMatches(scene, this.search));
    if (changed.has('selection') || changed.has('hoveredNodes'))
      this.marked = new Set([...(this.selection?.nodes ?? []), ...this.hoveredNodes]);
    if (changed.has('scene') || changed.has('selection') || changed.has('engine'))
      this.selected = scene === null ? null : this.ownItem(scene);
  }

  /** The box that the selection means here. */
  private ownItem(scene: Scene): string | null {
    const { selection } = this;
    if (!this.built) return selectedItem(scene, this.engine, selection);
    return selection?.kind === 'built' ? selection.name : null;
  }

  protected override updated(changed: PropertyValues): void {
    const { scene, selection } = this;
    if (!(changed.has('selection') || changed.has('scene'))) return;
    const goal =
      scene === null || selection === null
        ? undefined
        : goalOf(scene, this.selected, selection.nodes);
    // Another drawing may show the selection at last, where a module hid it before.
    const known = changed.has('selection') ? this.ownSelection : this.goal;
    if (goal !== undefined && goal !== known) this.reveal(goal);
    this.goal = goal;
    if (changed.has('selection')) this.ownSelection = null;
  }

  /** Waits until the graph has the drawing that the goal is in. */
  private reveal(goal: string): void {
    const { graph } = this;
    void graph?.updateComplete.then(() => {
      graph.reveal(goal);
    });
  }

  override render(): TemplateResult {
    return html`<header>
        <h2>${this.heading}</h2>
        <span class="what muted" title=${this.what}>${this.what}</span>
        <span class="legend" aria-label="Legend">${this.legend()}</span>
        <slot name="tools"></slot>
        ${this.toggleButton()}
        <button
          class="plain"
          title="Fit the graph into its place (f)"
          ?disabled=${this.scene === null}
          @click=${() => {
            this.fit();
          }}
        >
          Fit
        </button>
      </header>
      ${this.caveat === '' ? '' : html`<p class="caveat" role="note">${this.caveat}</p>`}
      <div class="stage">${this.stage()}</div>`;
  }

  private toggleButton(): TemplateResult | string {
    const { toggle } = this;
    if (toggle === '') return '';
    return html`<button
      class="plain compare"
      aria-pressed=${toggle === 'on'}
      title="The engine before all changes beside the engine of now (b)"
      @click=${() => {
        send(this, 'lab-layout', { comparing: toggle === 'off' });
      }}
    >
      ${toggle === 'on' ? 'Model' : 'Before'}
    </button>`;
  }

  private stage(): TemplateResult {
    if (this.problem !== null)
      return html`<problem-card .diagnostic=${this.problem}></problem-card>`;
    if (this.scene === null) return html`<div class="state">${this.placeholder}</div>`;
    return html`<graph-view
      aria-label=${this.heading}
      .scene=${this.scene}
      .highlight=${this.marked}
      .selected=${this.selected}
      .found=${this.found}
      .differing=${this.differing}
      .differingWords=${this.differingWords}
      .tints=${this.tints}
      .heat=${this.heat}
      .boxHeat=${this.boxHeat?.marks ?? NO_MARKS}
      @select-box=${this.onSelect}
      @hover-box=${this.onHover}
      @activate-box=${this.onActivate}
    ></graph-view>`;
  }

  /** Only what occurs in this graph, in the order from narrow to wide. */
  private legend(): readonly TemplateResult[] {
    if (this.boxHeat !== null) return heatLegend(this.boxHeat.levels);
    if (this.heat.size > 0) return heatLegend(HEAT_LEVELS);
    if (this.engine === null || this.scene === null) return [];
    const present = new Set(this.scene.boxes.map(({ precision }) => precision));
    const known = (Object.keys(PRECISION_SIGN) as Precision[]).filter(
      (precision) => present.has(precision) && precision !== 'other',
    );
    const chips = known.map((precision) =>
      precisionChip({
        colour: precision,
        sign: PRECISION_SIGN[precision],
        words: PRECISION_NAME[precision],
      }),
    );
    const moves = this.scene.boxes.some(({ kind }) => kind === 'reformat' || kind === 'qdq');
    const words = 'reformat or Q/DQ that stays in the engine';
    if (moves) chips.push(precisionChip({ colour: 'hatch', sign: 'Rf', words }));
    if (this.differing.size > 0)
      chips.push(precisionChip({ colour: 'open', sign: 'Δ', words: this.differingWords }));
    if (this.scene.boxes.some(({ uncertain }) => uncertain))
      chips.push(
        precisionChip({ colour: 'open', sign: '?', words: 'dashed border', uncertain: true }),
      );
    return chips;
  }

  private onSelect({ detail }: CustomEvent<BoxEvent>): void {
    const selection = this.selectionOf(detail);
    this.ownSelection = detail.id;
    send(this, 'lab-select', { selection });
  }

  /** Inputs and outputs select nothing: all there is to say about them is in the card of the model. */
  private selectionOf({ id, nodes }: BoxEvent): Selection | null {
    if (id === null) return null;
    const layer = this.engine?.layers[Number(id)];
    if (layer !== undefined)
      return this.built
        ? { kind: 'built', name: id, nodes }
        : { kind: 'layer', name: layer.name, nodes };
    const box = this.scene?.boxes.find((other) => other.id === id);
    if (box?.kind === 'fold') return { kind: 'module', name: box.path ?? '', nodes };
    const [name] = nodes;
    return name === undefined ? null : { kind: 'node', name, nodes };
  }

  private onHover({ detail }: CustomEvent<BoxEvent>): void {
    send(this, 'lab-hover', { nodes: detail.nodes });
  }

  private onActivate({ detail }: CustomEvent<BoxEvent>): void {
    const box = this.scene?.boxes.find(({ id }) => id === detail.id);
    if (box?.kind === 'fold') send(this, 'lab-fold', { path: box.path ?? '' });
    else send(this, 'lab-layout', { place: 'inspector' });
  }
}
