import type { PropertyValues, TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ModelSummary, Progress } from '../../api/analyze-api.ts';
import type { Diagnostic } from '../../core/base/diagnostic.ts';
import type { PredictedEngine } from '../../core/sim/predicted-engine.ts';
import { countText } from '../state/format-text.ts';
import { engineText } from '../state/targets.ts';
import type { ValidationWish } from '../state/validation-state.ts';
import { dynamicDims, followable, followsEngine, wishProblem } from '../state/validation-wish.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { calibrateDialogStyles } from './calibrate-dialog-styles.ts';
import { labStyles } from './lab-styles.ts';
import './problem-card.ts';
import { send } from './send.ts';
import { jobPart } from './validation-panel.ts';

const PRESETS: Readonly<Record<ValidationWish['preset'], string>> = {
  imagenet: 'ImageNet: short side, middle, mean and deviation',
  yolo: 'YOLO: letterbox, 0 to 1',
  unit: 'stretched, 0 to 1',
  none: 'stretched, 0 to 255',
};
const DISTRIBUTIONS: Readonly<Record<ValidationWish['distribution'], string>> = {
  normal: 'normal, deviation 1',
  uniform: 'uniform, 0 to 1',
};
const MOST_SAMPLES = 1000;

/** One thing to compare with. */
interface Comparison {
  readonly key: 'equivalence' | 'float' | 'engine';
  readonly checked: boolean;
  readonly words: string;
  /** Why it cannot be chosen; '' where it can. */
  readonly without: string;
}

/** Asks what to compare with, and on which data; shows how far the run is. */
@customElement('validate-dialog')
export class ValidateDialog extends LitElement {
  static override styles = [
    baseStyles,
    labStyles,
    calibrateDialogStyles,
    css`
      dialog {
        max-height: calc(100dvh - 32px);
        overflow: auto;
      }
      .field {
        grid-template-columns: minmax(80px, 1fr) minmax(0, 3fr);
        gap: 8px;
      }
      fieldset {
        display: grid;
        gap: 8px;
        margin: 0 0 10px;
        padding: 0;
        border: 0;
      }
      input[type='checkbox'] {
        flex: none;
        align-self: start;
        margin-top: 2px;
      }
      fieldset p {
        margin: 0;
      }
      .cost {
        margin-top: -4px;
        padding-left: 21px;
        font-size: 12px;
      }
      progress {
        width: 100%;
        height: 6px;
        accent-color: var(--text);
      }
    `,
  ];

  /** Null while the dialog is closed. */
  @property({ attribute: false }) wish: ValidationWish | null = null;
  @property({ attribute: false }) job: Progress | null = null;
  /** Why the last run gave nothing. */
  @property({ attribute: false }) problem: Diagnostic | null = null;
  @property({ attribute: false }) summary: ModelSummary | null = null;
  /** The model on show is not as it was opened. */
  @property({ type: Boolean }) changed = false;
  /** Scales that wait for calibration. */
  @property({ type: Number }) pending = 0;
  /** The engine that is predicted of the model on show; null while there is none. */
  @property({ attribute: false }) engine: PredictedEngine | null = null;
  @state() private hovering = false;

  protected override updated(changed: PropertyValues): void {
    if (!changed.has('wish')) return;
    const dialog = this.renderRoot.querySelector('dialog');
    if (this.wish !== null && dialog?.open === false) dialog.showModal();
    if (this.wish === null && dialog?.open === true) dialog.close();
  }

  override render(): TemplateResult {
    const { wish, summary } = this;
    return html`<dialog aria-labelledby="title" @close=${this.onClose} @cancel=${this.onCancel}>
      ${wish === null || summary === null ? '' : this.content(wish, summary)}
    </dialog>`;
  }

  private content(wish: ValidationWish, summary: ModelSummary): TemplateResult {
    const busy = this.job !== null;
    const { changed, pending } = this;
    const problem = wishProblem(wish, {
      ...{ changed, pending, summary },
      engine: followable(this.engine),
    });
    return html`<header>
        <h2 id="title">Validate the numbers</h2>
        <button class="plain" aria-label="Close" @click=${this.onCancel}>✕</button>
      </header>
      <fieldset ?disabled=${busy}>
        ${this.comparisons(wish, summary)} ${this.dropZone(wish)}
        ${wish.files.length > 0 ? this.preset(wish) : this.random(wish, summary)}
        ${dynamicDims(summary).map((dim) => this.size(wish, dim))} ${this.tolerance(wish)}
      </fieldset>
      ${problem === '' ? '' : html`<p class="warning" role="status">${problem}</p>`}
      ${this.problem === null ? '' : html`<problem-card .diagnostic=${this.problem}></problem-card>`}
      ${this.job === null ? '' : jobPart(this, this.job)}
      <footer class="row">
        <span class="grow"></span>
        <button @click=${this.onCancel}>${busy ? 'Stop and close' : 'Close'}</button>
        <button
          class="main"
          id="start"
          ?disabled=${busy || problem !== ''}
          @click=${() => {
            send(this, 'lab-validate', {});
          }}
        >
          Start
        </button>
      </footer>`;
  }

  private comparisons(wish: ValidationWish, summary: ModelSummary): TemplateResult {
    return html`<p class="ask">Compare the model on show</p>
      ${this.box({
        key: 'equivalence',
        checked: wish.equivalence,
        words: 'with the model as it was opened',
        without: this.changed ? '' : 'nothing was changed',
      })}
      ${this.box({
        key: 'float',
        checked: wish.float,
        words: 'with itself without Q/DQ: layers, quantizers, better scales',
        without: summary.quantizeCount > 0 ? '' : 'there are no Q/DQ',
      })}
      ${this.engineBox(wish)}`;
  }

  private engineBox(wish: ValidationWish): TemplateResult {
    const { engine } = this;
    const found = followable(engine);
    const without =
      engine === null ? 'there is no prediction yet' : 'it computes in FP32 throughout';
    return html`${this.box({
      key: 'engine',
      checked: followsEngine(wish, found),
      words: 'with the predicted engine: what is yours, what is fusion',
      without: found === 'none' ? without : '',
    })}
    ${
      engine === null || found === 'none'
        ? ''
        : html`<p class="cost muted">
            Follows the arithmetic of ${engineText(engine.target)}. Runs
            ${this.changed ? 'four' : 'three'} models more on each sample, one of them in integers:
            about twice as long in all.
          </p>`
    }`;
  }

  private box({ key, checked, words, without }: Comparison): TemplateResult {
    const able = without === '';
    return html`<label title=${without}
      ><input
        type="checkbox"
        data-compare=${key}
        ?disabled=${!able}
        .checked=${able && checked}
        @change=${(event: Event) => {
          this.patch({ [key]: (event.target as HTMLInputElement).checked });
        }}
      /><span>${words}${able ? '' : html` <span class="muted">(${without})</span>`}</span></label
    >`;
  }

  private dropZone({ files }: ValidationWish): TemplateResult {
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
          aria-label="Images, .npy, .npz or .raw files"
          accept="image/*,.npy,.npz,.raw,.bin"
          @change=${(event: Event) => {
            const { files: chosen } = event.target as HTMLInputElement;
            if (chosen !== null && chosen.length > 0) this.patch({ files: [...chosen] });
          }}
        />
        <span
          >${
            files.length === 0
              ? html`<strong>Drop images here</strong>, or .npy, .npz or .raw files, or click to
                  choose`
              : html`<strong>${countText(files.length, 'file')}</strong>:
                  ${files
                    .slice(0, 3)
                    .map(({ name }) => name)
                    .join(', ')}${files.length > 3 ? ', …' : ''}`
          }</span
        >
      </label>
      ${
        files.length === 0
          ? ''
          : html`<button
              @click=${() => {
                this.patch({ files: [] });
              }}
            >
              Random data instead
            </button>`
      }`;
  }

  private preset(wish: ValidationWish): TemplateResult {
    return this.menu('Images', PRESETS, wish.preset, (preset) => ({ preset }));
  }

  private random(wish: ValidationWish, { inputs }: ModelSummary): TemplateResult {
    const { samples, seed, ranges } = wish;
    return html`<p class="warning">
        Random numbers find where two models part; how good scales are, only real data tells.
      </p>
      ${this.number('Samples', samples, (value) => ({ samples: Math.min(MOST_SAMPLES, value) }))}
      ${this.number('Seed', seed, (value) => ({ seed: value }))}
      ${this.menu('Numbers', DISTRIBUTIONS, wish.distribution, (distribution) => ({ distribution }))}
      ${inputs.map(({ name }) =>
        this.field(
          `Range of ${name}`,
          html`<input
            type="text"
            placeholder="as above, or 0:1"
            aria-label="Range of ${name}"
            .value=${ranges[name] ?? ''}
            @change=${(event: Event) => {
              const { value } = event.target as HTMLInputElement;
              this.patch({ ranges: { ...ranges, [name]: value } });
            }}
          />`,
        ),
      )}`;
  }

  private size({ dims }: ValidationWish, dim: string): TemplateResult {
    return this.number(`Size of ${dim}`, dims[dim] ?? 0, (value) => ({
      dims: { ...dims, [dim]: value },
    }));
  }

  private tolerance({ leastDb }: ValidationWish): TemplateResult {
    return this.field(
      'Ask for',
      html`<input
        type="number"
        placeholder="no least SQNR in dB"
        aria-label="Least SQNR of every output in dB"
        .value=${leastDb === null ? '' : String(leastDb)}
        @change=${(event: Event) => {
          const { value } = event.target as HTMLInputElement;
          this.patch({ leastDb: value === '' ? null : Number(value) });
        }}
      />`,
    );
  }

  private number(
    words: string,
    value: number,
    patch: (value: number) => Partial<ValidationWish>,
  ): TemplateResult {
    return this.field(
      words,
      html`<input
        type="number"
        min="1"
        aria-label=${words}
        .value=${value === 0 ? '' : String(value)}
        @change=${(event: Event) => {
          const number = Math.round(Number((event.target as HTMLInputElement).value));
          this.patch(patch(Math.max(1, number || 1)));
        }}
      />`,
    );
  }

  private menu<K extends string>(
    words: string,
    choices: Readonly<Record<K, string>>,
    chosen: K,
    patch: (choice: K) => Partial<ValidationWish>,
  ): TemplateResult {
    return this.field(
      words,
      html`<select
        aria-label=${words}
        @change=${(event: Event) => {
          this.patch(patch((event.target as HTMLSelectElement).value as K));
        }}
      >
        ${(Object.entries(choices) as [K, string][]).map(
          ([name, text]) =>
            html`<option value=${name} .selected=${name === chosen}>${text}</option>`,
        )}
      </select>`,
    );
  }

  private field(words: string, control: TemplateResult): TemplateResult {
    return html`<label class="field"><span>${words}</span>${control}</label>`;
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

  private patch(patch: Partial<ValidationWish>): void {
    if (this.wish !== null) send(this, 'lab-validation', { wish: { ...this.wish, ...patch } });
  }

  private onCancel(event: Event): void {
    event.preventDefault();
    if (this.job !== null) send(this, 'lab-validate-cancel', {});
    send(this, 'lab-validation', { wish: null });
  }

  private onClose(): void {
    if (this.wish !== null) send(this, 'lab-validation', { wish: null });
  }
}
