import type { TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Selection } from '../state/app-state.ts';
import { countText } from '../state/format-text.ts';
import { canRedo, canUndo, currentSummary, exportName, pendingOf } from '../state/history.ts';
import type { LabState } from '../state/lab-state.ts';
import { INITIAL_LAB, USUAL_CALIBRATION } from '../state/lab-state.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import './engine-change.ts';
import { labStyles } from './lab-styles.ts';
import './optimize-section.ts';
import './pass-list.ts';
import { send } from './send.ts';
import './step-list.ts';

/** Values that are named one by one. */
const SHOWN = 30;

/** The laboratory: change the model, see what the engine gains, take it back, keep it. */
@customElement('lab-view')
export class LabView extends LitElement {
  static override styles = [
    baseStyles,
    labStyles,
    css`
      :host {
        overflow: auto;
        background: var(--panel);
      }
      header {
        position: sticky;
        top: 0;
        z-index: 1;
        display: flex;
        align-items: center;
        gap: 6px;
        padding: 6px 8px 6px 12px;
        background: var(--panel);
      }
      h2 {
        flex: 1;
        margin: 0;
        font-size: 13px;
      }
      .pending {
        border-top: 0;
        box-shadow: inset 4px 0 0 var(--warn);
        background: var(--raised);
      }
      .pending li {
        overflow-wrap: anywhere;
      }
      .empty {
        padding: 12px;
      }
    `,
  ];

  @property({ attribute: false }) lab: LabState = INITIAL_LAB;
  @property({ attribute: false }) selection: Selection | null = null;
  @property({ type: Boolean }) comparing = false;

  override render(): TemplateResult {
    const { lab } = this;
    const { history, job } = lab;
    const busy = job !== null;
    return html`<header>
        <h2>Lab</h2>
        ${this.historyButtons()}
        <button
          id="export"
          ?disabled=${history === null}
          title=${history === null ? '' : `Saves ${exportName(history.original.fileName)}`}
          @click=${() => {
            send(this, 'lab-export', {});
          }}
        >
          Export ONNX
        </button>
      </header>
      ${
        history === null
          ? html`<p class="empty muted">Open a model: what can be done with it is listed here.</p>`
          : html`${this.pending()}
              ${currentSummary(history).quantizeCount === 0 ? this.quantize() : ''}
              <optimize-section
                .wish=${lab.wish}
                .proposal=${lab.proposal}
                ?busy=${busy}
              ></optimize-section>
              <engine-change
                .comparison=${lab.comparison}
                .selection=${this.selection}
                ?comparing=${this.comparing}
              ></engine-change>
              <step-list .history=${history}></step-list>
              <pass-list .passes=${lab.passes} .switches=${lab.switches} ?busy=${busy}></pass-list>
              ${this.keep()}`
      }`;
  }

  private historyButtons(): TemplateResult {
    const { history } = this.lab;
    return html`<button
        class="plain"
        aria-label="Undo"
        title="Undo (Ctrl+Z)"
        ?disabled=${!canUndo(history)}
        @click=${() => {
          send(this, 'lab-undo', {});
        }}
      >
        ↶
      </button>
      <button
        class="plain"
        aria-label="Redo"
        title="Redo (Ctrl+Shift+Z)"
        ?disabled=${!canRedo(history)}
        @click=${() => {
          send(this, 'lab-redo', {});
        }}
      >
        ↷
      </button>`;
  }

  private pending(): TemplateResult | string {
    const values = pendingOf(this.lab.history);
    if (values.length === 0) return '';
    return html`<section class="pending" role="note">
      <p>
        <strong>${countText(values.length, 'scale waits', 'scales wait')} for calibration.</strong>
        The layers are predicted right, but the numbers of an exported model are not to be used
        before.
      </p>
      <details>
        <summary>Values</summary>
        <ul>
          ${values.slice(0, SHOWN).map((name) => html`<li class="mono">${name}</li>`)}
        </ul>
        ${values.length > SHOWN ? html`<p class="muted">and ${values.length - SHOWN} more</p>` : ''}
      </details>
      <p>${this.calibrateButton('Calibrate…')}</p>
    </section>`;
  }

  /** A model without Q/DQ has nothing to place otherwise: it is quantized first. */
  private quantize(): TemplateResult {
    return html`<section id="quantize">
      <h3>Quantize</h3>
      <p class="muted">
        This model has no Q/DQ. They are placed for the target on show, and their scales found by
        running the model.
      </p>
      ${this.calibrateButton('Quantize…')}
    </section>`;
  }

  private calibrateButton(words: string): TemplateResult {
    return html`<button
      class="main"
      id="calibrate"
      ?disabled=${this.lab.job !== null}
      @click=${() => {
        send(this, 'lab-calibration', { wish: USUAL_CALIBRATION });
      }}
    >
      ${words}
    </button>`;
  }

  private keep(): TemplateResult {
    return html`<section id="keep">
      <h3>Keep</h3>
      <div class="row">
        <button
          id="export-placement"
          title="Where Q/DQ stand as YAML; dropped on the page, it is applied to the model on show"
          @click=${() => {
            send(this, 'lab-export-placement', {});
          }}
        >
          Export placement
        </button>
      </div>
      <p class="muted">
        External data files stay as they are: keep them beside the exported model.
      </p>
    </section>`;
  }
}
