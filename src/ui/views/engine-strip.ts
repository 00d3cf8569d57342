import type { TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Layout } from '../state/app-state.ts';
import { builtSelection } from '../state/built-words.ts';
import type { OpenedEngine } from '../state/engine-state.ts';
import { percentText } from '../state/format-text.ts';
import { timeText } from '../state/time-heat.ts';
import { inlineStyle } from '../widgets/inline-style.ts';
import { severityMark } from '../widgets/severity-mark.ts';
import { send } from './send.ts';
import { SummaryStrip } from './summary-strip.ts';

/** The built engine in one line, where it stands in the place of the predicted one. */
@customElement('engine-strip')
export class EngineStrip extends LitElement {
  static override styles = [
    ...SummaryStrip.styles,
    css`
      @media (max-width: 760px) {
        .first > button.link {
          display: -webkit-box;
          -webkit-box-orient: vertical;
          -webkit-line-clamp: 2;
        }
      }
    `,
  ];

  @property({ attribute: false }) shown!: OpenedEngine;
  @property({ attribute: false }) layout!: Layout;

  override render(): TemplateResult {
    const { drawerOpen } = this.layout;
    return html`${this.numbers()} ${this.firstFinding()}
      <button
        class="plain drawer"
        aria-expanded=${drawerOpen}
        title="Figures, tables and findings of the built engine"
        @click=${() => {
          const drawerTab = drawerOpen ? this.layout.drawerTab : 'built';
          const place = drawerOpen ? 'engine' : 'drawer';
          send(this, 'lab-layout', { drawerOpen: !drawerOpen, drawerTab, place });
        }}
      >
        ${drawerOpen ? 'Details ▾' : 'Details ▴'}
      </button>`;
  }

  private numbers(): TemplateResult {
    const { figures } = this.shown.analysis;
    const { latency, layerTimeUs, low, reformats, quantizers } = figures;
    return html`<dl aria-label="Built engine">
      ${latency === null ? '' : figure('latency', timeText(latency.computeMedianUs), 'latency')}
      ${
        latency === null && layerTimeUs !== null
          ? figure('time', timeText(layerTimeUs), 'sum of layers')
          : ''
      }
      ${figure('layers', String(figures.layers), figures.layers === 1 ? 'layer' : 'layers')}
      ${this.lowShare()}
      ${figure('reformats', reformats.layers, reformats.layers === 1 ? 'reformat' : 'reformats')}
      ${figure('qdq', quantizers.layers, 'Q/DQ left')}
      ${low.layers === 0 && layerTimeUs === null ? html`<span class="muted">no times</span>` : ''}
    </dl>`;
  }

  /** By time where there is one: one slow float layer weighs more than ten fast ones. */
  private lowShare(): TemplateResult | string {
    const { compute, low, lowShare } = this.shown.analysis.figures;
    const byTime =
      low.timeUs !== null && compute.timeUs !== null && compute.timeUs > 0
        ? low.timeUs / compute.timeUs
        : null;
    const share = byTime ?? lowShare;
    if (share === null) return '';
    const title = `${String(low.layers)} of ${String(compute.layers)} computing layers run in INT8 or narrower`;
    return html`<div data-figure="int8" title=${title}>
      <dt>INT8 ${byTime === null ? '' : 'by time'}</dt>
      <dd>
        <span class="share"
          ><span ${inlineStyle({ transform: `scaleX(${share.toFixed(3)})` })}></span></span
        >${percentText(share)}
      </dd>
    </div>`;
  }

  private firstFinding(): TemplateResult | string {
    const { findings } = this.shown.analysis;
    const [first] = findings;
    if (first === undefined) return '';
    return html`<div class="first">
      <span class="lead">Look first at</span>
      ${severityMark(first.severity)}
      <button
        class="link"
        id="first-finding"
        title=${first.message}
        @click=${() => {
          send(this, 'lab-select', {
            selection: builtSelection(this.shown.engine, first.layers[0]?.index),
          });
        }}
      >
        ${first.message}
      </button>
      ${
        findings.length > 1
          ? html`<button
              class="plain number muted"
              title="All findings"
              @click=${() => {
                send(this, 'lab-engine', { do: 'section', section: 'findings' });
                send(this, 'lab-layout', { drawerOpen: true, drawerTab: 'built', place: 'drawer' });
              }}
            >
              +${findings.length - 1}
            </button>`
          : ''
      }
    </div>`;
  }
}

const figure = (name: string, amount: number | string, unit: string): TemplateResult =>
  html`<div data-figure=${name}>
    <dt>${unit}</dt>
    <dd>${amount}</dd>
  </div>`;

declare global {
  interface HTMLElementTagNameMap {
    'engine-strip': EngineStrip;
  }
}
