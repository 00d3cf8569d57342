import type { TemplateResult } from 'lit';
import { LitElement, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { EngineFileFormat } from '../../api/engine-api.ts';
import type { AppState } from '../state/app-state.ts';
import { INITIAL_STATE } from '../state/app-state.ts';
import type { EngineSection, OpenedEngine } from '../state/engine-state.ts';
import { ENGINE_SECTIONS, shownEngine } from '../state/engine-state.ts';
import { countText } from '../state/format-text.ts';
import { timeText } from '../state/time-heat.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import './engine-compare.ts';
import './engine-findings.ts';
import './engine-prediction.ts';
import './engine-summary.ts';
import './engine-tables.ts';
import { enginePanelStyles } from './engine-panel-styles.ts';
import { send } from './send.ts';

const SECTION_WORDS: Readonly<Record<EngineSection, readonly [word: string, title: string]>> = {
  summary: ['Summary', 'Figures and charts of the engine on show'],
  layers: ['Layers', 'All layers with their times'],
  findings: ['Findings', 'What costs time and need not'],
  convolutions: [
    'Convolutions',
    'Arithmetic and bytes of each convolution, and how fast it does them',
  ],
  tactics: ['Tactics', 'The implementations that TensorRT chose, and what they take together'],
  compare: ['Compare', 'Two engines or more, aligned by their ONNX nodes'],
  prediction: ['Prediction', 'Where the prediction of the open model is right, and where it errs'],
};

/** Everything about engines that TensorRT built: which are open, and the tables about the one on show. */
@customElement('engine-panel')
export class EnginePanel extends LitElement {
  static override styles = [baseStyles, enginePanelStyles];

  @property({ attribute: false }) app: AppState = INITIAL_STATE;

  override render(): TemplateResult {
    const shown = shownEngine(this.app);
    if (shown === null) return this.start();
    return html`<div class="panes">
      <section class="side" aria-label="Engines">
        ${this.list()} ${this.openButton('Open more…')} ${this.exports(shown)}
      </section>
      <section class="main" aria-label="Built engine">
        ${this.switch(shown)} ${this.section(shown)}
      </section>
    </div>`;
  }

  /** What to do while there is no engine. */
  private start(): TemplateResult {
    return html`<div class="start">
      <p>
        Open what trtexec says of an engine that it built, and see it beside its prediction, with
        the time of every layer. The files stay in this browser.
      </p>
      <pre class="mono">
trtexec --onnx=net.onnx --saveEngine=net.engine --profilingVerbosity=detailed
trtexec --loadEngine=net.engine --profilingVerbosity=detailed \\
  --exportLayerInfo=net.layer.json --exportProfile=net.profile.json --exportTimes=net.times.json</pre>
      ${this.openButton('Open engine files…')}
    </div>`;
  }

  private openButton(words: string): TemplateResult {
    return html`<label class="pick">
      <input
        type="file"
        multiple
        aria-label=${words}
        @change=${(event: Event) => {
          const input = event.target as HTMLInputElement;
          const files = [...(input.files ?? [])];
          input.value = '';
          if (files.length > 0) send(this, 'lab-open', { files });
        }}
      /><span>${words}</span></label
    >`;
  }

  private list(): TemplateResult {
    const { opened, shown } = this.app.engines;
    return html`<ul class="engines" aria-label="Open engines">
      ${opened.map(
        ({ id, label, analysis, engine }) =>
          html`<li>
            <button
              class="plain name"
              aria-pressed=${id === shown}
              title=${label}
              @click=${() => {
                send(this, 'lab-engine', { do: 'show', id });
              }}
            >
              <span class="label mono">${label}</span>
              <span class="muted number">${engineLine(analysis.figures, engine.trtVersion)}</span>
            </button>
            <button
              class="plain close"
              aria-label="Close ${label}"
              title="Close ${label}"
              @click=${() => {
                send(this, 'lab-engine', { do: 'close', id });
              }}
            >
              ✕
            </button>
          </li>`,
      )}
    </ul>`;
  }

  /** Files to save: of the engine on show, and of all together where there are several. */
  private exports({ label, analysis }: OpenedEngine): TemplateResult {
    const { length } = this.app.engines.opened;
    const timed = analysis.figures.layerTimeUs !== null;
    const all = `all ${countText(length, 'engine')}, compared`;
    return html`<div class="exports" role="group" aria-label="Save files about ${label}">
        <span class="muted">Save</span>
        ${this.saveButton('HTML', `Report on ${label} in one file`, 'html')}
        ${this.saveButton('XLSX', `Tables of ${label} as a workbook`, 'xlsx')}
        ${this.saveButton('CSV', `Layers of ${label}`, 'csv')}
        ${this.saveButton('JSON', `All figures of ${label}`, 'json')}
        ${this.saveButton('SVG', `Drawing of ${label}, coloured by precision`, 'svg')}
        ${timed ? this.saveButton('SVG by time', `Drawing of ${label}, coloured by time`, 'svg-time') : ''}
      </div>
      ${
        length < 2
          ? ''
          : html`<div class="exports" role="group" aria-label="Save files about all engines">
              <span class="muted">Save all, compared</span>
              ${this.saveButton('HTML', `Report on ${all}`, 'html', true)}
              ${this.saveButton('XLSX', `Tables of ${all}, as a workbook`, 'xlsx', true)}
              ${this.saveButton('CSV', `Groups of layers of ${all}`, 'csv', true)}
              ${this.saveButton('JSON', `All figures of ${all}`, 'json', true)}
            </div>`
      }`;
  }

  private saveButton(
    word: string,
    title: string,
    format: EngineFileFormat,
    all = false,
  ): TemplateResult {
    return html`<button
      class="plain"
      data-export="${format}${all ? '-all' : ''}"
      title=${title}
      @click=${() => {
        send(this, 'lab-engine', { do: 'save', format, ...(all && { all }) });
      }}
    >
      ${word}
    </button>`;
  }

  private switch({ analysis }: OpenedEngine): TemplateResult {
    const { section } = this.app.engines;
    const counts: Partial<Record<EngineSection, number>> = {
      layers: analysis.layers.length,
      findings: analysis.findings.length,
      convolutions: analysis.convolutions.convolutions.length,
      tactics: analysis.tactics.length,
    };
    return html`<div class="switch" role="group" aria-label="What is shown of it">
      ${ENGINE_SECTIONS.map((name) => {
        const [word, title] = SECTION_WORDS[name];
        return html`<button
          class="plain"
          data-section=${name}
          aria-pressed=${name === section}
          title=${title}
          @click=${() => {
            send(this, 'lab-engine', { do: 'section', section: name });
          }}
        >
          ${word} <span class="muted number">${counts[name] ?? ''}</span>
        </button>`;
      })}
    </div>`;
  }

  private section(shown: OpenedEngine): TemplateResult {
    const { selection, engines } = this.app;
    switch (engines.section) {
      case 'summary':
        return html`<engine-summary .shown=${shown} .selection=${selection}></engine-summary>`;
      case 'findings':
        return html`<engine-findings .shown=${shown} .selection=${selection}></engine-findings>`;
      case 'layers':
      case 'convolutions':
      case 'tactics':
        return html`<engine-tables
          .shown=${shown}
          .selection=${selection}
          .table=${engines.section}
        ></engine-tables>`;
      case 'compare':
        return html`<engine-compare .engines=${engines} .selection=${selection}></engine-compare>`;
      case 'prediction':
        return html`<engine-prediction .app=${this.app}></engine-prediction>`;
    }
  }
}

/** `1.2 ms · 57 layers · TensorRT 10.6.0`. */
function engineLine(
  { latency, layerTimeUs, layers }: OpenedEngine['analysis']['figures'],
  trtVersion: string | null,
): string {
  const time = latency?.computeMedianUs ?? layerTimeUs;
  return [
    time === null ? '' : timeText(time),
    countText(layers, 'layer'),
    trtVersion === null ? '' : `TensorRT ${trtVersion}`,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

declare global {
  interface HTMLElementTagNameMap {
    'engine-panel': EnginePanel;
  }
}
