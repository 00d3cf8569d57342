import type { TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { RuleInfo } from '../../api/analyze-api.ts';
import type {
  Disagreement,
  DisagreementKind,
  RealityComparison,
  RuleSuspect,
} from '../../api/engine-api.ts';
import type { AppState, Selection } from '../state/app-state.ts';
import { INITIAL_STATE } from '../state/app-state.ts';
import { builtSelection } from '../state/built-words.ts';
import { shownEngine } from '../state/engine-state.ts';
import { percentText } from '../state/format-text.ts';
import { timeText } from '../state/time-heat.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import './problem-card.ts';
import { send } from './send.ts';

const KIND_WORDS: Readonly<Record<DisagreementKind, string>> = {
  split: 'split',
  merged: 'fused',
  regrouped: 'regrouped',
  precision: 'type',
  'not-built': 'not built',
  'not-predicted': 'not predicted',
  'qdq-kept': 'Q/DQ +',
  'qdq-gone': 'Q/DQ −',
  'reformat-added': 'reformat +',
  'reformat-gone': 'reformat −',
};

const ERRED_WORDS: Readonly<Record<RuleSuspect['erred'], string>> = {
  fired: 'fired here, and TensorRT did not do it',
  refused: 'declined here, and TensorRT did it',
  unknown: 'no rule of ours looked at it',
};
const CERTAINTY_WORDS: Readonly<Record<RuleSuspect['certainty'], string>> = {
  log: "by the builder's log",
  only: 'no other rule is concerned',
  suspect: 'one of several',
};

/** The prediction of the open model held against the engine on show: how far it is right, and each place where it is not. */
@customElement('engine-prediction')
export class EnginePrediction extends LitElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
        overflow: auto;
      }
      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 24px;
        padding: 6px 12px;
        border-bottom: 1px solid var(--line);
      }
      dl {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 20px;
        margin: 0;
      }
      dl > div {
        display: flex;
        flex-direction: row-reverse;
        gap: 5px;
      }
      dt {
        font-size: 12px;
        color: var(--muted);
      }
      dd {
        margin: 0;
        font-weight: 600;
        font-variant-numeric: tabular-nums;
      }
      ol {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: grid;
        grid-template-columns: 92px minmax(0, 1fr) auto;
        gap: 0 12px;
        padding: 5px 12px;
        border-bottom: 1px solid var(--line);
      }
      li.current {
        background: var(--accent-soft);
        box-shadow: inset 2px 0 0 var(--accent);
      }
      .kind,
      .time {
        font-size: 12px;
        font-variant-numeric: tabular-nums;
      }
      p {
        margin: 2px 0 0;
        font-size: 12px;
        overflow-wrap: anywhere;
      }
      .empty {
        padding: 12px;
        font-size: 13px;
      }
      problem-card {
        margin: 8px 12px;
      }
      @media (max-width: 500px) {
        li {
          grid-template-columns: minmax(0, 1fr) auto;
        }
        li > .body {
          grid-column: 1 / 3;
        }
        li > .time {
          grid-area: 1 / 2;
        }
      }
    `,
  ];

  @property({ attribute: false }) app: AppState = INITIAL_STATE;

  override render(): TemplateResult {
    const { model, engines } = this.app;
    const { reality } = engines;
    if (model === null)
      return html`<p class="empty muted">
        Open the ONNX model that this engine was built from to see where its prediction is right,
        and where it errs.
      </p>`;
    if (reality.state === 'failed')
      return html`<problem-card .diagnostic=${reality.error}></problem-card>`;
    if (reality.state !== 'ready')
      return html`<p class="empty muted" role="status">
        Holding the prediction against the engine…
      </p>`;
    return this.checked(reality.value);
  }

  private checked(reality: RealityComparison): TemplateResult {
    const { disagreements, remarks } = reality;
    return html`<div class="head">
        ${figuresPart(reality)} ${this.reportButton('Save a bug report', false)}
        ${this.reportButton('… without names', true)}
      </div>
      ${remarks.map((remark) => html`<problem-card .diagnostic=${remark}></problem-card>`)}
      ${
        disagreements.length === 0
          ? html`<p class="empty">The engine is as predicted, layer by layer.</p>`
          : html`<ol aria-label="Where prediction and engine part">
              ${disagreements.map((one) => this.item(one))}
            </ol>`
      }`;
  }

  private reportButton(words: string, stripNames: boolean): TemplateResult {
    const names = stripNames ? ' and all names replaced by numbers' : '';
    return html`<button
      title="Saves a zip archive: the structure of the model without its weights${names}, the layers of the engine, and where they part. Nothing is sent."
      @click=${() => {
        send(this, 'lab-engine', { do: 'save-reality', stripNames });
      }}
    >
      ${words}
    </button>`;
  }

  private item(one: Disagreement): TemplateResult {
    const { kind, text, timeUs, decidedByTiming, suspects } = one;
    const selection = this.selectionOf(one);
    const { selection: now } = this.app;
    const current =
      selection !== null && now?.kind === selection.kind && now.name === selection.name;
    return html`<li class=${current ? 'current' : ''}>
      <span class="kind muted">${KIND_WORDS[kind]}</span>
      <div class="body">
        <button
          class="link"
          aria-current=${current}
          @click=${() => {
            if (selection !== null) send(this, 'lab-select', { selection });
          }}
        >
          ${text}
        </button>
        ${
          decidedByTiming
            ? html`<p class="muted">
                TensorRT decides this by timing tactics: another build may come out otherwise.
              </p>`
            : ''
        }
        ${
          suspects.length === 0
            ? html`<p class="muted">No rule is known to be concerned.</p>`
            : suspects.map((suspect) => this.suspect(suspect))
        }
      </div>
      <span class="time muted" title="What the built layers concerned take"
        >${timeUs === null || timeUs === 0 ? '' : timeText(timeUs)}</span
      >
    </li>`;
  }

  private suspect({ ruleId, pass, erred, certainty, evidence }: RuleSuspect): TemplateResult {
    const rule: RuleInfo | undefined = this.app.rules.find(({ id }) => id === ruleId);
    return html`<p class="muted">
      <span class="mono" title=${rule?.summary ?? ruleId}>${pass === '' ? ruleId : pass}</span>
      ${ERRED_WORDS[erred]} (${CERTAINTY_WORDS[certainty]}${evidence === '' ? '' : `; ${evidence}`})
    </p>`;
  }

  /** The built layer, whose nodes mark the predicted ones; where nothing was built, the predicted layer. */
  private selectionOf({ built, predicted, nodes }: Disagreement): Selection | null {
    const shown = shownEngine(this.app);
    const [first] = built;
    if (first !== undefined && shown !== null) {
      const selection = builtSelection(shown.engine, first.index);
      return selection && { ...selection, nodes: [...new Set([...selection.nodes, ...nodes])] };
    }
    const [layer] = predicted;
    if (layer !== undefined) return { kind: 'layer', name: layer.name, nodes };
    const [name] = nodes;
    return name === undefined ? null : { kind: 'node', name, nodes };
  }
}

function figuresPart({ figures, typesKnown, disagreements, target, mode }: RealityComparison) {
  const share = (name: string, value: number | null): TemplateResult | string =>
    value === null
      ? ''
      : html`<div>
          <dt>${name}</dt>
          <dd>${percentText(value)}</dd>
        </div>`;
  return html`<dl aria-label="Agreement">
      ${share('layers as predicted', figures.layers)}
      ${share('in the predicted type', typesKnown ? figures.precision : null)}
      ${share('Q/DQ as predicted', figures.qdq)}
      <div>
        <dt>${disagreements.length === 1 ? 'disagreement' : 'disagreements'}</dt>
        <dd>${disagreements.length}</dd>
      </div>
    </dl>
    <span class="muted">predicted for ${target} ${mode}</span>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'engine-prediction': EnginePrediction;
  }
}
