import type { PropertyValues, TemplateResult } from 'lit';
import { LitElement, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ModelSummary } from '../../api/analyze-api.ts';
import { countText } from '../state/format-text.ts';
import type { CalibrationWish, LabJob } from '../state/lab-state.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { calibrateDialogStyles } from './calibrate-dialog-styles.ts';
import './job-card.ts';
import { labStyles } from './lab-styles.ts';
import { send } from './send.ts';

const PRESETS: Readonly<Record<CalibrationWish['preset'], string>> = {
  imagenet: 'ImageNet: short side, middle, mean and deviation',
  yolo: 'YOLO: letterbox, 0 to 1',
  unit: 'stretched, 0 to 1',
  none: 'stretched, 0 to 255',
};
const METHODS: Readonly<Record<CalibrationWish['method'], string>> = {
  entropy: 'entropy (least divergence)',
  max: 'max (nothing is clipped)',
  percentile: 'percentile (99.99 %)',
  mse: 'least squared error',
};

/** Asks what to calibrate with, and shows how far it is. */
@customElement('calibrate-dialog')
export class CalibrateDialog extends LitElement {
  static override styles = [baseStyles, labStyles, calibrateDialogStyles];

  /** Null while the dialog is closed. */
  @property({ attribute: false }) wish: CalibrationWish | null = null;
  @property({ attribute: false }) job: LabJob | null = null;
  @property({ attribute: false }) summary: ModelSummary | null = null;
  /** Scales that wait. */
  @property({ type: Number }) pending = 0;
  @state() private hovering = false;

  protected override updated(changed: PropertyValues): void {
    if (!changed.has('wish')) return;
    const dialog = this.renderRoot.querySelector('dialog');
    if (this.wish !== null && dialog?.open === false) dialog.showModal();
    if (this.wish === null && dialog?.open === true) dialog.close();
  }

  override render(): TemplateResult {
    return html`<dialog aria-labelledby="title" @close=${this.onClose} @cancel=${this.onCancel}>
      ${this.wish === null ? '' : this.content(this.wish)}
    </dialog>`;
  }

  private content(wish: CalibrationWish): TemplateResult {
    const float = this.summary?.quantizeCount === 0;
    return html`<header>
        <h2 id="title">${float ? 'Quantize' : 'Calibrate'}</h2>
        <button class="plain" aria-label="Close" @click=${this.onCancel}>✕</button>
      </header>
      <p class="muted">
        ${
          float
            ? 'Q/DQ are placed first, then the model runs over the samples to find their scales.'
            : `The model runs over the samples to find ${countText(this.pending, 'scale')}.`
        }
        Nothing leaves this computer.
      </p>
      ${this.dropZone(wish)}
      <div class="fields">
        ${wish.files.length > 0 ? this.preset(wish) : this.random(wish)} ${this.method(wish)}
      </div>
      ${
        float
          ? ''
          : html`<label
              ><input
                type="checkbox"
                .checked=${wish.replace}
                @change=${(event: Event) => {
                  this.patch({ replace: (event.target as HTMLInputElement).checked });
                }}
              />also replace scales that are known</label
            >`
      }
      ${this.job === null ? '' : html`<job-card .job=${this.job}></job-card>`}
      <footer class="row">
        <span class="grow"></span>
        <button @click=${this.onCancel}>${this.job === null ? 'Close' : 'Stop and close'}</button>
        <button
          class="main"
          id="start"
          ?disabled=${this.job !== null}
          @click=${() => {
            send(this, 'lab-calibrate', {});
          }}
        >
          Start
        </button>
      </footer>`;
  }

  private dropZone({ files }: CalibrationWish): TemplateResult {
    return html`<label
      class="drop ${this.hovering ? 'hovering' : ''}"
      @dragover=${this.onDrag}
      @dragenter=${this.onDrag}
      @dragleave=${() => {
        this.hovering = false;
      }}
      @drop=${this.onDrop}
    >
      <input
        type="file"
        multiple
        aria-label="Images, .npy or .npz files"
        accept="image/*,.npy,.npz"
        @change=${(event: Event) => {
          this.take((event.target as HTMLInputElement).files);
        }}
      />
      <span
        >${
          files.length === 0
            ? html`<strong>Drop images here</strong>, or .npy or .npz files, or click to choose`
            : html`<strong>${countText(files.length, 'file')}</strong>:
                ${files
                  .slice(0, 3)
                  .map(({ name }) => name)
                  .join(', ')}${files.length > 3 ? ', …' : ''}`
        }</span
      >
    </label>`;
  }

  private preset(wish: CalibrationWish): TemplateResult {
    return this.menu('Images', PRESETS, wish.preset, (preset) => ({ preset }));
  }

  private method(wish: CalibrationWish): TemplateResult {
    return this.menu('Range', METHODS, wish.method, (method) => ({ method }));
  }

  private random({ samples, seed }: CalibrationWish): TemplateResult {
    const field = (words: string, value: number, key: 'samples' | 'seed') =>
      html`<label class="field"
        ><span>${words}</span>
        <input
          type="number"
          min="1"
          max="1000"
          .value=${String(value)}
          @change=${(event: Event) => {
            const number = Math.round(Number((event.target as HTMLInputElement).value));
            this.patch({ [key]: Math.min(1000, Math.max(1, number || 1)) });
          }}
      /></label>`;
    return html`<p class="warning">
        Without files the model is fed random numbers: enough to run it, not for scales to keep.
      </p>
      ${field('Samples', samples, 'samples')} ${field('Seed', seed, 'seed')}`;
  }

  private menu<K extends string>(
    words: string,
    choices: Readonly<Record<K, string>>,
    chosen: K,
    patch: (choice: K) => Partial<CalibrationWish>,
  ): TemplateResult {
    return html`<label class="field"
      ><span>${words}</span>
      <select
        aria-label=${words}
        @change=${(event: Event) => {
          this.patch(patch((event.target as HTMLSelectElement).value as K));
        }}
      >
        ${(Object.entries(choices) as [K, string][]).map(
          ([name, text]) =>
            html`<option value=${name} .selected=${name === chosen}>${text}</option>`,
        )}
      </select></label
    >`;
  }

  private onDrag(event: DragEvent): void {
    event.preventDefault();
    this.hovering = true;
  }

  /** The window takes what is dropped anywhere on it. */
  private onDrop(event: DragEvent): void {
    event.preventDefault();
    this.hovering = false;
  }

  private take(files: FileList | null): void {
    if (files !== null && files.length > 0) this.patch({ files: [...files] });
  }

  private patch(patch: Partial<CalibrationWish>): void {
    if (this.wish !== null) send(this, 'lab-calibration', { wish: { ...this.wish, ...patch } });
  }

  private onCancel(event: Event): void {
    event.preventDefault();
    if (this.job !== null) send(this, 'lab-cancel-job', {});
    send(this, 'lab-calibration', { wish: null });
  }

  private onClose(): void {
    if (this.wish !== null) send(this, 'lab-calibration', { wish: null });
  }
}
