import type { TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { PredictionView } from '../../api/analyze-api.ts';
import type { EngineComparison } from '../../api/rewrite-api.ts';
import type { FindingList } from '../state/findings.ts';
import { NO_FINDINGS, isRefusal } from '../state/findings.ts';
import { severityMark, severityStyles } from '../widgets/severity-mark.ts';
import { numberText, percentText } from '../state/format-text.ts';
import type { DrawerTab, Layout } from '../state/app-state.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { inlineStyle } from '../widgets/inline-style.ts';
import { groupText, selectFinding } from './finding-parts.ts';
import { send } from './send.ts';

/** The engine in one line: its numbers, and what to look at first. */
@customElement('summary-strip')
export class SummaryStrip extends LitElement {
  static override styles = [
    baseStyles,
    severityStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 20px;
        min-height: 40px;
        padding: 4px 12px;
        border-top: 1px solid var(--line);
        background: var(--panel);
      }
      dl {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 20px;
        margin: 0;
        transition: opacity 150ms;
      }
      dl.stale {
        opacity: 0.5;
      }
      dl > div {
        display: flex;
        flex-direction: row-reverse;
        align-items: baseline;
        gap: 5px;
        white-space: nowrap;
      }
      dt {
        color: var(--muted);
        font-size: 12px;
      }
      dd {
        margin: 0;
        font-weight: 600;
        font-variant-numeric: tabular-nums;
      }
      .delta {
        margin-left: 3px;
        font-size: 12px;
        font-weight: 400;
        color: var(--muted);
      }
      .share {
        display: inline-block;
        width: 64px;
        height: 8px;
        margin-right: 4px;
        border: 1px solid var(--line-strong);
        border-radius: 2px;
        overflow: hidden;
      }
      .share > span {
        display: block;
        width: 100%;
        height: 100%;
        background: var(--p-int8);
        transform-origin: left;
        transition: transform 150ms;
      }
      .first {
        display: flex;
        flex: 1 1 280px;
        align-items: center;
        gap: 8px;
        min-width: 0;
      }
      .first > .lead {
        flex: none;
        color: var(--muted);
        font-size: 12px;
      }
      .first > button.link {
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .drawer {
        margin-left: auto;
      }
      @media (max-width: 760px) {
        :host {
          gap: 2px 12px;
        }
        dl {
          gap: 0 12px;
        }
        .share,
        .first:not(.refused) > .lead {
          display: none;
        }
        .drawer {
          display: none;
        }
        .first > button.link {
          white-space: normal;
        }
        .first.refused {
          flex-wrap: wrap;
        }
      }
      @media (prefers-reduced-motion: reduce) {
        dl,
        .share > span {
          transition: none;
        }
      }
    `,
  ];

  @property({ attribute: false }) prediction: PredictionView | null = null;
  @property({ attribute: false }) findings: FindingList = NO_FINDINGS;
  @property({ attribute: false }) layout!: Layout;
  /** How it differs from the engine of the model as it was opened. */
  @property({ attribute: false }) comparison: EngineComparison | null = null;
  /** True while a newer prediction is on its way. */
  @property({ type: Boolean }) predicting = false;

  override render(): TemplateResult {
    return html`${this.numbers()} ${this.firstFinding()}
      <button
        class="plain drawer"
        aria-expanded=${this.layout.drawerOpen}
        title="Findings, trace of the builder, layers"
        @click=${() => {
          send(this, 'lab-layout', {
            drawerOpen: !this.layout.drawerOpen,
            place: this.layout.drawerOpen ? 'engine' : 'drawer',
          });
        }}
      >
        ${this.layout.drawerOpen ? 'Details ▾' : 'Details ▴'}
      </button>`;
  }

  private numbers(): TemplateResult | string {
    if (this.prediction === null) return this.predicting ? 'Predicting the engine…' : '';
    const { engine, simulateMs, layoutMs } = this.prediction;
    const { layers, computeLayers, int8Layers, reformats, survivingQdq } = engine.summary;
    const share = computeLayers === 0 ? 0 : int8Layers / computeLayers;
    const times = `simulated in ${numberText(Math.round(simulateMs))} ms, laid out in ${numberText(Math.round(layoutMs))} ms`;
    return html`<dl
      class=${this.predicting ? 'stale' : ''}
      aria-label="Predicted engine"
      aria-busy=${this.predicting}
      title=${times}
    >
      ${this.figure('layers', layers, layers === 1 ? 'layer' : 'layers')}
      <div
        data-figure="int8"
        title="${int8Layers} of ${computeLayers} computing layers run in INT8"
      >
        <dt>INT8</dt>
        <dd>
          <span class="share"
            ><span ${inlineStyle({ transform: `scaleX(${share.toFixed(3)})` })}></span></span
          >${percentText(share)}
        </dd>
      </div>
      ${this.figure('reformats', reformats, reformats === 1 ? 'reformat' : 'reformats')}
      ${this.figure('survivingQdq', survivingQdq, 'Q/DQ left')}
      ${
        engine.remarks.length === 0
          ? ''
          : html`<div data-figure="remarks">
              <dt>
                <button class="link" @click=${() => this.openDrawer('remarks')}>
                  ${engine.remarks.length === 1 ? 'remark' : 'remarks'}
                </button>
              </dt>
              <dd>${engine.remarks.length}</dd>
            </div>`
      }
    </dl>`;
  }

  private figure(
    name: 'layers' | 'reformats' | 'survivingQdq',
    amount: number,
    unit: string,
  ): TemplateResult {
    const { comparison } = this;
    const delta = comparison === null ? 0 : comparison.after[name] - comparison.before[name];
    return html`<div data-figure=${name === 'survivingQdq' ? 'qdq' : name}>
      <dt>${unit}</dt>
      <dd>
        ${amount}${
          delta === 0
            ? ''
            : html`<span class="delta" title="since the model was opened"
                >${delta < 0 ? '−' : '+'}${Math.abs(delta)}</span
              >`
        }
      </dd>
    </div>`;
  }

  /** A refusal is what to know before any figure; else what costs most. */
  private firstFinding(): TemplateResult | string {
    const { groups } = this.findings;
    const [first] = groups;
    if (first === undefined) return '';
    const text = groupText(first);
    return html`<div class="first ${isRefusal(first) ? 'refused' : ''}">
      <span class="lead"
        >${isRefusal(first) ? 'TensorRT refuses this model:' : 'Look first at'}</span
      >
      ${severityMark(first.severity)}
      <button
        class="link"
        id="first-finding"
        title=${text}
        @click=${() => selectFinding(this, first.findings.length === 1 ? first.findings[0]! : first)}
      >
        ${text}
      </button>
      ${
        groups.length > 1
          ? html`<button
              class="plain number muted"
              title="All findings"
              @click=${() => this.openDrawer('findings')}
            >
              +${groups.length - 1}
            </button>`
          : ''
      }
    </div>`;
  }

  private openDrawer(drawerTab: DrawerTab): void {
    send(this, 'lab-layout', { drawerOpen: true, drawerTab, place: 'drawer' });
  }
}
