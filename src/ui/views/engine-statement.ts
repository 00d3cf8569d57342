import type { TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Diagnostic } from '../../core/base/diagnostic.ts';
import type { Target } from '../../core/sim/target.ts';
import type {
  EngineArithmeticReport,
  EngineRemark,
  EngineTensorError,
} from '../../core/validate/engine-arithmetic/engine-arithmetic-report.ts';
import {
  figuresOf,
  followedTarget,
  fusionLine,
  maxSteps,
  turningPoints,
  worstOutput,
} from '../state/engine-words.ts';
import { countText, decibelText, numberText } from '../state/format-text.ts';
import { engineText } from '../state/targets.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import type { RowChosen } from './error-table.ts';

/** More names than this are left to the reports. */
const MOST_NAMES = 12;

/**
 * How much is the user's rewrite, how much Q/DQ, and how much fusion: for the worst output, or for one tensor.
 *
 * @fires row-chosen when a tensor is to be shown
 */
@customElement('engine-statement')
export class EngineStatement extends LitElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
        margin: 8px 0;
      }
      h4 {
        margin: 0 0 2px;
        font-size: 13px;
        font-weight: 600;
      }
      h4 .muted {
        font-weight: 400;
      }
      p {
        margin: 0 0 4px;
        overflow-wrap: anywhere;
      }
      table {
        width: 100%;
        margin: 4px 0;
        border-collapse: collapse;
        font-variant-numeric: tabular-nums;
      }
      caption {
        padding-bottom: 2px;
        text-align: left;
        overflow-wrap: anywhere;
      }
      th,
      td {
        padding: 2px 0 2px 8px;
        border-top: 1px solid var(--line);
        text-align: right;
        font-weight: 400;
        white-space: nowrap;
      }
      th:first-child {
        padding-left: 0;
        text-align: left;
        white-space: normal;
      }
      thead th {
        border: 0;
        color: var(--muted);
        font-size: 12px;
      }
      .sum {
        font-weight: 600;
      }
      .stale,
      .problem {
        padding-left: 8px;
        box-shadow: inset 3px 0 0 var(--warn);
      }
      .problem {
        box-shadow: inset 3px 0 0 var(--bad);
      }
      summary {
        cursor: pointer;
      }
      ul {
        margin: 4px 0 0;
        padding: 0;
        list-style: none;
      }
      li {
        overflow-wrap: anywhere;
      }
      li + li {
        margin-top: 4px;
      }
    `,
  ];

  @property({ attribute: false }) report: EngineArithmeticReport | undefined = undefined;
  /** Why the engine could not be followed. */
  @property({ attribute: false }) problem: Diagnostic | undefined = undefined;
  /** The target of the page, which may be another one by now. */
  @property({ attribute: false }) target: Target | null = null;
  /** The tensor to tell of alone; without one the worst output, and what there is to say of all. */
  @property({ attribute: false }) tensor: EngineTensorError | undefined = undefined;

  override render(): TemplateResult | string {
    const { report, problem, tensor } = this;
    if (problem !== undefined)
      return html`<p class="problem" role="alert">
        The engine could not be followed. ${problem.message}
        <span class="muted">${problem.advice}</span>
      </p>`;
    if (report === undefined) return '';
    if (tensor !== undefined) return this.figures(report, tensor, 'This tensor');
    const { output, count } = worstOutput(report);
    return html`${this.heading(report)}
      ${
        output === undefined
          ? ''
          : this.figures(
              report,
              output,
              html`Output <span class="mono">${output.tensor}</span>${
                  count > 1 ? `, that fusion changes most of ${String(count)}` : ''
                }`,
            )
      }
      <p>${fusionLine(report)}</p>
      ${turningPoints(report).map(({ words, tensor: at }) => this.turningPoint(words, at))}
      ${this.remarks(report.remarks)}`;
  }

  private heading(report: EngineArithmeticReport): TemplateResult {
    const { target } = this;
    const followed = followedTarget(report);
    const now = target === null ? followed : engineText(target);
    return html`<h4>In the predicted engine <span class="muted">${followed}</span></h4>
      ${
        now === followed
          ? ''
          : html`<p class="stale">The target is ${now} by now: validate again for its engine.</p>`
      }`;
  }

  private turningPoint(words: string, row: EngineTensorError): TemplateResult {
    const { tensor, layer } = row;
    return html`<p title=${layer === undefined ? '' : `Made by ${layer}`}>
      ${words}:
      <button
        class="link mono"
        data-point=${words}
        @click=${() => {
          this.dispatchEvent(new CustomEvent<RowChosen>('row-chosen', { detail: { row } }));
        }}
      >
        ${tensor}
      </button>
    </p>`;
  }

  private figures(
    report: EngineArithmeticReport,
    tensor: EngineTensorError,
    caption: TemplateResult | string,
  ): TemplateResult {
    return html`<table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          <th scope="col">Changed by</th>
          <th scope="col" title="Signal to noise over all samples; higher is better">SQNR dB</th>
          <th scope="col" title="Greatest absolute error">Max |Δ|</th>
          <th scope="col" title="The same in steps of the quantizer of the tensor">In steps</th>
        </tr>
      </thead>
      <tbody>
        ${figuresOf(tensor, report).map(({ id, title, help, error }) => {
          const steps = maxSteps(error);
          return html`<tr
            data-figure=${id}
            class=${id === 'total' || id === 'rewriteTotal' ? 'sum' : ''}
            title=${help}
          >
            <th scope="row">${title}</th>
            <td>${decibelText(error.sqnrDb)}</td>
            <td>${Number.isFinite(error.maxAbsError) ? numberText(error.maxAbsError) : '∞'}</td>
            <td>${steps === undefined ? '–' : numberText(steps)}</td>
          </tr>`;
        })}
      </tbody>
    </table>`;
  }

  private remarks(remarks: readonly EngineRemark[]): TemplateResult | string {
    if (remarks.length === 0) return '';
    return html`<details>
      <summary>
        ${countText(remarks.length, 'thing')} that ${remarks.length === 1 ? 'is' : 'are'} not
        followed or not proved
      </summary>
      <ul>
        ${remarks.map(({ text, names }) => {
          const more = names.length - MOST_NAMES;
          return html`<li>
            ${text}${names.length === 0 ? '' : `, ${countText(names.length, 'place')}: `}<span
              class="mono muted"
              >${names.slice(0, MOST_NAMES).join(', ')}</span
            >${more > 0 ? ` and ${String(more)} more, all in the reports` : ''}
          </li>`;
        })}
      </ul>
    </details>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'engine-statement': EngineStatement;
  }
}
