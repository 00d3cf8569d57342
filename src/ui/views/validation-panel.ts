import type { TemplateResult } from 'lit';
import { LitElement, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ModelSummary, Progress } from '../../api/analyze-api.ts';
import { REPORT_KINDS } from '../../api/validate-api.ts';
import type { ValidationReport } from '../../api/validate-api.ts';
import type { PredictedEngine } from '../../core/sim/predicted-engine.ts';
import type { QuantizerError } from '../../core/validate/validation-report.ts';
import type { Selection } from '../state/app-state.ts';
import { HEAT_LEVELS } from '../state/error-heat.ts';
import { countText, percentText } from '../state/format-text.ts';
import type { ValidationState } from '../state/validation-state.ts';
import {
  INITIAL_VALIDATION,
  USUAL_VALIDATION,
  VALIDATION_LISTS,
} from '../state/validation-state.ts';
import { followable } from '../state/validation-wish.ts';
import { verdictWords } from '../state/verdict-words.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { inlineStyle } from '../widgets/inline-style.ts';
import './engine-statement.ts';
import type { RowChosen } from './error-table.ts';
import './error-table.ts';
import './problem-card.ts';
import { send } from './send.ts';
import './tensor-detail.ts';
import { scaleStep } from './tensor-detail.ts';
import { validationStyles } from './validation-styles.ts';
import type { ErrorRow } from './validation-words.ts';
import {
  LIST_WORDS,
  byWeight,
  detailOf,
  errorList,
  keyOf,
  sidesOf,
  tensorOf,
} from './validation-words.ts';

/** Where lists and graphs are on show together, a choice in one is shown in the other. */
const WIDE = '(min-width: 900px)';

/** What rewriting did to the numbers: the verdict, the tables, and pictures of the tensor that is chosen. */
@customElement('validation-panel')
export class ValidationPanel extends LitElement {
  static override styles = [baseStyles, validationStyles];

  @property({ attribute: false }) validation: ValidationState = INITIAL_VALIDATION;
  @property({ attribute: false }) summary: ModelSummary | null = null;
  @property({ attribute: false }) selection: Selection | null = null;
  /** The engine on show, which tells what there is to follow. */
  @property({ attribute: false }) engine: PredictedEngine | null = null;

  override render(): TemplateResult {
    const { shown, problem, job } = this.validation;
    if (shown === null) return this.start(problem !== null);
    return html`<div class="panes">
      <section class="verdict" data-status=${shown.report.verdict.status} aria-label="Verdict">
        ${job === null ? '' : jobPart(this, job)} ${this.verdict(shown.report)}
      </section>
      <section class="lists" aria-label="Errors">
        ${this.switch(shown.report)} ${this.table(shown.report)}
      </section>
      <section class="detail" aria-label="Tensor">${this.detail(shown.report)}</section>
    </div>`;
  }

  private start(failed: boolean): TemplateResult {
    const { job, problem } = this.validation;
    return html`<div class="start">
      ${
        failed
          ? html`<problem-card .diagnostic=${problem}></problem-card>`
          : html`<p>
              Runs the model before and after your changes, with and without its Q/DQ, and in the
              arithmetic of the predicted engine, on the same data, here in the browser, and shows
              where the numbers part.
            </p>`
      }
      ${job === null ? html`<p>${this.againButton('Validate…')}</p>` : jobPart(this, job)}
    </div>`;
  }

  private againButton(words: string): TemplateResult {
    return html`<button
      id="validate"
      ?disabled=${this.summary === null || this.validation.job !== null}
      @click=${() => {
        send(this, 'lab-validation', { wish: this.validation.wish ?? USUAL_VALIDATION });
      }}
    >
      ${words}
    </button>`;
  }

  private verdict(report: ValidationReport): TemplateResult {
    const { sign, title, lines } = verdictWords(report);
    const findings = byWeight(report.verdict.findings);
    const { batches } = report.equivalence ?? report.float ?? report.engine ?? { batches: 0 };
    return html`<h3 role="status"><span class="sign">${sign}</span>${title}</h3>
      ${
        this.isCurrent
          ? ''
          : html`<p class="stale">The model was changed since: this is about ${report.after}.</p>`
      }
      <ul>
        ${lines.map((line) => html`<li>${line}</li>`)}
      </ul>
      <engine-statement
        .report=${report.engine}
        .problem=${report.engineProblem}
        .target=${this.engine?.target ?? null}
        @row-chosen=${(event: CustomEvent<RowChosen>) => {
          send(this, 'lab-validation', { list: 'engine' });
          this.onChosen(event);
        }}
      ></engine-statement>
      ${
        findings.length === 0
          ? ''
          : html`<ul class="findings">
              ${findings.map(
                ({ severity, message, advice }) =>
                  html`<li data-severity=${severity}>
                    ${message} <span class="muted">${advice}</span>
                  </li>`,
              )}
            </ul>`
      }
      <p class="muted">${countText(batches, 'batch', 'batches')} of ${report.inputs}.</p>
      <div class="row">${this.againButton('Validate…')} ${this.exports()}</div>
      <div class="row">${this.paintButton()} ${this.betterButton(report)}</div>
      ${this.validation.painted ? legend() : ''}`;
  }

  private get isCurrent(): boolean {
    return this.validation.shown?.of === this.summary?.id;
  }

  private exports(): readonly TemplateResult[] {
    return REPORT_KINDS.map(
      (kind) =>
        html`<button
          class="plain"
          data-export=${kind}
          title="Save the report as ${kind.toUpperCase()}"
          @click=${() => {
            send(this, 'lab-validation-export', { kind });
          }}
        >
          ${kind.toUpperCase()}
        </button>`,
    );
  }

  private paintButton(): TemplateResult {
    const { painted } = this.validation;
    return html`<button
      id="paint"
      aria-pressed=${painted}
      title="Colours the graphs by the SQNR of the list on show, and writes it on each box"
      @click=${() => {
        send(this, 'lab-validation', { painted: !painted });
      }}
    >
      Colour the graphs by error
    </button>`;
  }

  /** All better scales at once, where there are several. */
  private betterButton({ float }: ValidationReport): TemplateResult | string {
    const wanted = (float?.quantizers ?? []).flatMap((quantizer) =>
      quantizer.better === undefined ? [] : [{ quantizer, scale: quantizer.better.scale }],
    );
    const step = scaleStep(wanted);
    if (step?.kind !== 'scales' || wanted.length < 2) return '';
    const count = countText(Object.keys(step.scales).length, 'better scale');
    return html`<button
      id="use-all"
      ?disabled=${!this.isCurrent}
      title="One step that can be taken back"
      @click=${() => {
        send(this, 'lab-apply', { steps: [step], title: `Use ${count}` });
      }}
    >
      Use ${count}
    </button>`;
  }

  private switch(report: ValidationReport): TemplateResult {
    const { list } = this.validation;
    return html`<div class="switch" role="group" aria-label="What is listed">
      ${VALIDATION_LISTS.map((name) => {
        const { length } = errorList(report, name).rows;
        const { title, help } = LIST_WORDS[name];
        return html`<button
          class="plain"
          data-list=${name}
          aria-pressed=${name === list}
          ?disabled=${length === 0 && name !== 'engine'}
          title=${help}
          @click=${() => {
            send(this, 'lab-validation', { list: name, chosen: null });
          }}
        >
          ${title} <span class="muted number">${length === 0 ? '' : length}</span>
        </button>`;
      })}
    </div>`;
  }

  private table(report: ValidationReport): TemplateResult {
    const { list } = this.validation;
    const { rows, columns, unit } = errorList(report, list);
    if (list === 'engine' && rows.length === 0) return this.notFollowed(report);
    const chosen = this.chosenRow(report);
    return html`<error-table
      .rows=${rows}
      .columns=${columns}
      .unit=${unit}
      .isChosen=${(row: unknown) => row === chosen}
      @row-chosen=${this.onChosen}
    ></error-table>`;
  }

  /** Why nothing is told of the engine, and what to do. */
  private notFollowed({ engine, engineProblem }: ValidationReport): TemplateResult {
    const say = (words: string): TemplateResult =>
      html`<div class="start">
        <p>${words}</p>
        <p>${this.againButton('Validate…')}</p>
      </div>`;
    if (engineProblem) return say('The engine could not be followed: the verdict says why.');
    if (engine)
      return say('The engine stores no tensor that the model has, so there is nothing to compare.');
    return say(
      followable(this.engine) === 'none'
        ? 'The predicted engine computes in FP32 as the model is written, so that fusion changes no numbers. Choose a target with INT8 or FP16, or place Q/DQ, then validate again.'
        : 'The engine was not followed in this run. Validate again with “the predicted engine” chosen: the list then tells, tensor by tensor, what is fusion.',
    );
  }

  /** The row that was chosen here, or that is about the node that was chosen in a graph. */
  private chosenRow(report: ValidationReport): ErrorRow | undefined {
    const { list, chosen } = this.validation;
    const { rows } = errorList(report, list);
    const own = rows.find((row) => keyOf(row) === chosen);
    const nodes = this.selection?.nodes ?? [];
    if (own && (nodes.length === 0 || nodes.includes(own.node))) return own;
    const found = rows.find(({ node }) => nodes.includes(node)) ?? own;
    // A layer may run the node and store what another of its nodes makes.
    return found ?? rows.find((row) => 'nodes' in row && row.nodes.some((n) => nodes.includes(n)));
  }

  private detail(report: ValidationReport): TemplateResult {
    const row = this.chosenRow(report);
    if (row === undefined)
      return html`<p class="muted">Choose a row to see how its numbers are spread.</p>`;
    const [first, second] = sidesOf(row);
    return html`${
        'fusion' in row
          ? html`<engine-statement .report=${report.engine} .tensor=${row}></engine-statement>`
          : ''
      }<tensor-detail
        .tensor=${tensorOf(row)}
        .node=${row.node}
        .detail=${detailOf(report, row)}
        .quantizer=${this.quantizerOf(report, row)}
        .first=${first}
        .second=${second}
        ?isCurrent=${this.isCurrent}
      ></tensor-detail>`;
  }

  private quantizerOf({ float }: ValidationReport, row: ErrorRow): QuantizerError | undefined {
    if ('range' in row) return row;
    return float?.quantizers.find(({ value }) => value === tensorOf(row));
  }

  private onChosen({ detail }: CustomEvent<RowChosen>): void {
    const row = detail.row as ErrorRow;
    send(this, 'lab-validation', { chosen: keyOf(row) });
    const { node } = row;
    // An input of the network is no node's.
    if (node === '') return;
    if (matchMedia(WIDE).matches)
      send(this, 'lab-select', { selection: { kind: 'node', name: node, nodes: [node] } });
  }
}

/** How far a run is, with the button that ends it at once. */
export const jobPart = (from: EventTarget, { step, fraction }: Progress): TemplateResult =>
  html`<div class="job">
    <progress max="1" .value=${fraction ?? 0} aria-label="Progress"></progress>
    <div class="row">
      <span class="muted number" role="status"
        >${step}${fraction === undefined ? '…' : ` · ${percentText(Math.min(1, fraction))}`}</span
      >
      <button
        id="cancel-validation"
        @click=${() => {
          send(from, 'lab-validate-cancel', {});
        }}
      >
        Cancel
      </button>
    </div>
  </div>`;

const legend = (): TemplateResult =>
  html`<ul class="legend" aria-label="Colours of the graphs">
    ${HEAT_LEVELS.map(
      ({ colour, words }) =>
        html`<li>
          <span class="swatch" ${inlineStyle({ background: `var(${colour})` })}></span>${words}
        </li>`,
    )}
    <li class="muted">the number on a box is its SQNR in dB</li>
  </ul>`;
