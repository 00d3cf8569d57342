import type { TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Diagnostic } from '../../core/base/diagnostic.ts';
import type { LayerLine } from '../../api/engine-api.ts';
import type { Selection } from '../state/app-state.ts';
import { builtSelection, shortLayerName } from '../state/built-words.ts';
import type { OpenedEngine } from '../state/engine-state.ts';
import { countText, percentText, sizeText } from '../state/format-text.ts';
import { PRECISION_NAME } from '../state/precision-text.ts';
import { shareText, timeText } from '../state/time-heat.ts';
import { barChart, barStyles } from '../widgets/bar-chart.ts';
import type { Bar } from '../widgets/bar-chart.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { PROFILE_HELP } from './engine-card.ts';
import { send } from './send.ts';

/** Layers and types shown in a chart; the tables have them all. */
const SHOWN = 10;

/** The engine on show in figures, and where its time goes. */
@customElement('engine-summary')
export class EngineSummary extends LitElement {
  static override styles = [
    baseStyles,
    barStyles,
    css`
      :host {
        display: block;
        overflow: auto;
        padding: 8px 12px 12px;
        container-type: inline-size;
      }
      dl {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 24px;
        margin: 0 0 8px;
      }
      dl > div {
        display: grid;
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
      dd small {
        font-size: 12px;
        font-weight: 400;
        color: var(--muted);
      }
      .charts {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 12px 32px;
      }
      @container (min-width: 680px) {
        .charts {
          grid-template-columns: minmax(0, 2fr) minmax(0, 3fr);
        }
        .charts .layers {
          grid-area: 1 / 2 / 3 / 3;
        }
      }
      @container (min-width: 1200px) {
        .charts {
          grid-template-columns: minmax(0, 2fr) minmax(0, 2fr) minmax(0, 4fr);
        }
        .charts .layers {
          grid-area: auto;
        }
      }
      .remarks {
        margin-bottom: 8px;
      }
      summary {
        cursor: pointer;
      }
      p {
        margin: 0 0 8px;
      }
    `,
  ];

  @property({ attribute: false }) shown!: OpenedEngine;
  @property({ attribute: false }) selection: Selection | null = null;

  override render(): TemplateResult {
    const { analysis, engine } = this.shown;
    const { latency, figures } = analysis;
    const timed = figures.layerTimeUs !== null;
    return html`${this.figures()}
      ${
        timed || engine.fileKind === 'prediction'
          ? ''
          : html`<p class="muted" id="no-times">${PROFILE_HELP}</p>`
      }
      ${remarksPart(engine.remarks)}
      <div class="charts">
        ${barChart({
          title: timed ? 'Time by type of layer' : 'Layers by type',
          bars: latency.byType.slice(0, SHOWN).map(({ type, layers, timeUs, precisions }) => ({
            label: type,
            parts: precisions.map((part) => ({
              colour: part.precision,
              amount: part.timeUs ?? part.layers,
              words: `${PRECISION_NAME[part.precision]}: ${amountText(part)}`,
            })),
            text: amountText({ layers, timeUs }),
            title: `${type}: ${countText(layers, 'layer')}`,
          })),
        })}
        ${barChart({
          title: timed ? 'Time by precision' : 'Layers by precision',
          bars: latency.byPrecision.map(({ precision, layers, timeUs, timeShare }) => ({
            label: PRECISION_NAME[precision],
            parts: [
              {
                colour: precision,
                amount: timeUs ?? layers,
                words: `${PRECISION_NAME[precision]}: ${amountText({ layers, timeUs })}`,
              },
            ],
            text: timeShare === null ? String(layers) : shareText(timeShare),
            title: `${PRECISION_NAME[precision]}: ${countText(layers, 'layer')}`,
          })),
        })}
        ${
          timed
            ? html`<div class="layers">
                ${barChart({ title: 'Slowest layers', bars: this.slowest() })}
              </div>`
            : ''
        }
      </div>`;
  }

  private figures(): TemplateResult {
    const { figures, convolutions } = this.shown.analysis;
    const { latency, layerTimeUs, compute, low, reformats, quantizers } = figures;
    const item = (name: string, value: string | null, more = ''): TemplateResult | string =>
      value === null
        ? ''
        : html`<div>
            <dt>${name}</dt>
            <dd>${value} ${more === '' ? '' : html`<small>${more}</small>`}</dd>
          </div>`;
    const byTime =
      low.timeUs !== null && compute.timeUs !== null && compute.timeUs > 0
        ? percentText(low.timeUs / compute.timeUs)
        : null;
    const sum = ({ layers, timeShare }: typeof low): string =>
      `${String(layers)}${timeShare === null || layers === 0 ? '' : ` · ${shareText(timeShare)}`}`;
    return html`<dl aria-label="Figures">
      ${item(
        'Latency',
        latency && timeText(latency.computeMedianUs),
        latency === null ? '' : `95 %: ${timeText(latency.computeP95Us)}`,
      )}
      ${item('Sum of layers', layerTimeUs === null ? null : timeText(layerTimeUs))}
      ${item('INT8 by time', byTime)}
      ${item('INT8 layers', String(low.layers), `of ${String(compute.layers)}`)}
      ${item('Reformats', sum(reformats))} ${item('Q/DQ left', sum(quantizers))}
      ${item('Weights', figures.weightBytes === 0 ? null : sizeText(figures.weightBytes))}
      ${item('Activations', figures.activationBytes === 0 ? null : sizeText(figures.activationBytes))}
      ${item('Convolutions', convolutions.macs === 0 ? null : `${(convolutions.macs / 1e9).toPrecision(3)} GMAC`)}
      ${item('TensorRT', figures.trtVersion)} ${item('GPU', figures.gpu)}
    </dl>`;
  }

  private slowest(): readonly Bar[] {
    const { layers } = this.shown.analysis;
    const timed = layers.filter(({ timeUs }) => timeUs !== null);
    timed.sort((a, b) => (b.timeUs ?? 0) - (a.timeUs ?? 0) || a.index - b.index);
    return timed.slice(0, SHOWN).map((line) => this.layerBar(line));
  }

  private layerBar(line: LayerLine): Bar {
    const { index, name, timeUs, timeShare, precision } = line;
    const words = `${timeText(timeUs ?? 0)}, ${shareText(timeShare ?? 0)}`;
    return {
      label: shortLayerName(line),
      parts: [{ colour: signOf(line) ?? precision, amount: timeUs ?? 0, words }],
      text: `${timeText(timeUs ?? 0)} · ${shareText(timeShare ?? 0)}`,
      title: name,
      chosen: this.selection?.kind === 'built' && this.selection.name === String(index),
      onChoose: () => {
        send(this, 'lab-select', { selection: builtSelection(this.shown.engine, index) });
      },
    };
  }
}

/** What the reader could not take as it was: in one line each until one is looked at. */
const remarksPart = (remarks: readonly Diagnostic[]): TemplateResult | string =>
  remarks.length === 0
    ? ''
    : html`<div class="remarks" aria-label="Remarks on the files">
        ${remarks.map(
          ({ severity, message, advice }) =>
            html`<details>
              <summary>
                <span aria-hidden="true">${severity === 'info' ? '○' : '▲'}</span> ${message}
              </summary>
              <p class="muted">${advice}</p>
            </details>`,
        )}
      </div>`;

/** Copies have no precision of their own. */
const signOf = ({ role }: LayerLine): 'hatch' | undefined =>
  role === 'reformat' || role === 'qdq' ? 'hatch' : undefined;

const amountText = ({
  layers,
  timeUs,
}: {
  readonly layers: number;
  readonly timeUs: number | null;
}): string => (timeUs === null ? String(layers) : timeText(timeUs));

declare global {
  interface HTMLElementTagNameMap {
    'engine-summary': EngineSummary;
  }
}
