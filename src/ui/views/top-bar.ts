import type { TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { BuildMode, Target } from '../../core/sim/target.ts';
import type { ModelSummary } from '../../api/analyze-api.ts';
import type { Sample } from '../services/samples.ts';
import { countText, sizeText } from '../state/format-text.ts';
import type { History } from '../state/history.ts';
import { canRedo, canUndo } from '../state/history.ts';
import { GPUS, TRT_VERSIONS, capabilityText, modesOf } from '../state/targets.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { send } from './send.ts';

/** The bar at the top: what is open, how to open something else, and what the engine is built for. */
@customElement('top-bar')
export class TopBar extends LitElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 12px;
        padding: 6px 12px;
        border-bottom: 1px solid var(--line);
        background: var(--panel);
      }
      h1 {
        margin: 0;
        font-size: 14px;
        font-weight: 650;
        letter-spacing: -0.01em;
      }
      .group {
        display: flex;
        align-items: center;
        gap: 6px;
        min-width: 0;
      }
      .file {
        flex: 1 1 120px;
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .samples {
        width: 96px;
      }
      .marks {
        color: var(--muted);
        font-size: 12px;
        white-space: nowrap;
      }
      .marks.offline::before {
        content: '';
        display: inline-block;
        width: 6px;
        height: 6px;
        margin-right: 6px;
        border-radius: 50%;
        background: var(--good);
        vertical-align: 1px;
      }
      .sign {
        font-size: 16px;
      }
      .lab[aria-pressed='true'] {
        border-color: var(--text);
        background: var(--hover);
      }
      /* There the laboratory is one of the places. */
      @media (max-width: 899px) {
        .validate,
        .lab {
          display: none;
        }
      }
      label.group > span {
        color: var(--muted);
        font-size: 12px;
      }
      @media (max-width: 760px) {
        .marks {
          width: 6px;
          overflow: hidden;
        }
        label.group > span {
          display: none;
        }
        .end {
          margin-left: auto;
        }
        .file {
          order: 1;
          flex-basis: 100%;
          font-size: 12px;
        }
        .targets {
          order: 2;
          flex: 1 1 100%;
        }
        .targets {
          display: grid;
          grid-template-columns: 128px minmax(0, 1fr) 88px;
        }
        .targets select {
          width: 100%;
        }
      }
      /* One row for all buttons: the name of the page gives way to them. */
      @media (max-width: 440px) {
        h1,
        .build .number {
          display: none;
        }
      }
    `,
  ];

  @property({ attribute: false }) summary: ModelSummary | null = null;
  /** The engine that stands alone, without a model. */
  @property() engineName = '';
  @property({ attribute: false }) target!: Target;
  @property({ attribute: false }) samples: readonly Sample[] = [];
  @property({ type: Boolean }) offlineReady = false;
  @property({ attribute: false }) history: History | null = null;
  /** Whether the laboratory is on show. */
  @property({ type: Boolean }) labOpen = false;
  /** How far a build is; empty where none is under way. */
  @property() building = '';

  override render(): TemplateResult {
    return html`<h1>QDQ Lab</h1>
      <div class="group">
        <button
          @click=${this.pickFiles}
          title="Open an ONNX file, with its external data files; or what trtexec says of a built engine"
        >
          Open…
        </button>
        ${this.sampleMenu()}
        <input
          type="file"
          multiple
          hidden
          aria-label="Model or engine files"
          @change=${this.onFiles}
        />
      </div>
      <div class="file mono" title=${this.summary?.fileName ?? this.engineName}>
        ${this.fileText()}
      </div>
      <div class="group targets">${this.targetMenus()}</div>
      <div class="group end">
        ${
          this.offlineReady
            ? html`<span
                class="marks offline"
                title="The page is kept here and opens without a network"
                >works offline</span
              >`
            : ''
        }
        ${this.changeButtons()}
        <button
          class="plain"
          title="All keys (?)"
          aria-label="All keys"
          @click=${() => {
            send(this, 'lab-keys', { shown: true });
          }}
        >
          ?
        </button>
      </div>`;
  }

  private changeButtons(): TemplateResult {
    const { history, labOpen } = this;
    const button = (type: 'lab-undo' | 'lab-redo', sign: string, title: string, able: boolean) =>
      html`<button
        class="plain sign"
        aria-label=${title.split(' (')[0]}
        title=${title}
        ?disabled=${!able}
        @click=${() => {
          send(this, type, {});
        }}
      >
        ${sign}
      </button>`;
    return html`${button('lab-undo', '↶', 'Undo (Ctrl+Z)', canUndo(history))}
      ${button('lab-redo', '↷', 'Redo (Ctrl+Shift+Z)', canRedo(history))}
      <button
        class="validate"
        title="What the changes and the Q/DQ do to the numbers (v)"
        @click=${() => {
          send(this, 'lab-layout', {
            drawerOpen: true,
            drawerTab: 'validation',
            place: 'drawer',
          });
        }}
      >
        Validate
      </button>
      <button
        class="build"
        title="The real engine, built by the TensorRT of a machine of yours (B)"
        @click=${() => {
          send(this, 'lab-companion', { do: 'open' });
        }}
      >
        Build${
          this.building === '' ? '' : html` <span class="muted number">${this.building}</span>`
        }
      </button>
      <button
        class="lab"
        aria-pressed=${labOpen}
        title="Passes, optimization, steps, export (6)"
        @click=${() => {
          send(this, 'lab-layout', { labOpen: !labOpen, place: labOpen ? 'outline' : 'lab' });
        }}
      >
        Lab
      </button>`;
  }

  /** Opens the file picker. */
  pickFiles(): void {
    this.renderRoot.querySelector<HTMLInputElement>('input[type=file]')?.click();
  }

  private fileText(): TemplateResult | string {
    if (this.summary === null) return this.engineName;
    const { fileName, sizeBytes, opsets } = this.summary;
    const done = this.history?.done ?? 0;
    const onnx = opsets.find(({ domain }) => domain === '' || domain === 'ai.onnx');
    return html`${fileName}
      <span class="muted"
        >${sizeText(sizeBytes)}${onnx ? ` · opset ${String(onnx.version)}` : ''}${
          done === 0 ? '' : ` · ${countText(done, 'step')}`
        }</span
      >`;
  }

  private sampleMenu(): TemplateResult {
    return html`<select class="samples" aria-label="Open a sample" @change=${this.onSample}>
      <option value="" selected disabled hidden>Samples</option>
      ${this.samples.map(
        ({ id, label, help }) => html`<option value=${id} title=${help}>${label}</option>`,
      )}
    </select>`;
  }

  private targetMenus(): TemplateResult {
    return html`${this.choice(
      'TensorRT',
      this.target.trt,
      TRT_VERSIONS.map((trt) => ({ value: trt, text: `TensorRT ${trt}` })),
      (trt) => ({ trt }),
    )}
    ${this.choice(
      'GPU',
      String(this.target.sm),
      GPUS.map(({ sm, names }) => ({
        value: String(sm),
        text: `${names} (${capabilityText(sm)})`,
      })),
      (sm) => ({ sm: Number(sm) }),
    )}
    ${this.choice(
      'Mode',
      this.target.mode,
      modesOf(this.target.trt).map(({ mode, label, help }) => ({
        value: mode,
        text: label,
        help,
      })),
      (mode) => ({ mode: mode as BuildMode }),
    )}`;
  }

  private choice(
    label: string,
    chosen: string,
    options: readonly { value: string; text: string; help?: string }[],
    patch: (value: string) => Partial<Target>,
  ): TemplateResult {
    const onChange = (event: Event): void => {
      send(this, 'lab-target', patch((event.target as HTMLSelectElement).value));
    };
    return html`<label class="group"
      ><span>${label}</span>
      <select aria-label=${label} @change=${onChange}>
        ${options.map(
          ({ value, text, help }) =>
            html`<option value=${value} title=${help ?? ''} .selected=${value === chosen}>
              ${text}
            </option>`,
        )}
      </select></label
    >`;
  }

  private onSample(event: Event): void {
    const menu = event.target as HTMLSelectElement;
    send(this, 'lab-sample', { id: menu.value });
    menu.value = '';
  }

  private onFiles(event: Event): void {
    const input = event.target as HTMLInputElement;
    const files = [...(input.files ?? [])];
    input.value = '';
    if (files.length > 0) send(this, 'lab-open', { files });
  }
}
