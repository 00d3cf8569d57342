import type { PropertyValues, TemplateResult } from 'lit';
import { LitElement, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ModelSummary } from '../../api/analyze-api.ts';
import type { CompanionStatus } from '../../api/companion-api.ts';
import type { BuildMode, Target } from '../../core/sim/target.ts';
import type { BuildWish, CompanionRequest, CompanionState } from '../state/companion-state.ts';
import { buildObstacle, builderOf, modeOfWish, targetOfMachine } from '../state/companion-words.ts';
import { countText, sizeText } from '../state/format-text.ts';
import { capabilityText, modesOf } from '../state/targets.ts';
import { dynamicDims } from '../state/validation-wish.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { copyButton } from '../widgets/copy-button.ts';
import { calibrateDialogStyles } from './calibrate-dialog-styles.ts';
import { companionDialogStyles } from './companion-dialog-styles.ts';
import './companion-job.ts';
import { labStyles } from './lab-styles.ts';
import './problem-card.ts';
import { send } from './send.ts';

const START = 'npx qdq-lab serve';
/** More than any GPU has, in MB. */
const MOST_WORKSPACE_MB = 4_000_000;

/** Has the model on show built by the TensorRT of this machine: what builds, how, how far it is, and what came of it. */
@customElement('companion-dialog')
export class CompanionDialog extends LitElement {
  static override styles = [baseStyles, labStyles, calibrateDialogStyles, companionDialogStyles];

  @property({ attribute: false }) companion!: CompanionState;
  @property({ attribute: false }) target!: Target;
  @property({ attribute: false }) summary: ModelSummary | null = null;
  /** Scales that wait for calibration. */
  @property({ type: Number }) pending = 0;

  protected override updated(changed: PropertyValues): void {
    if (!changed.has('companion')) return;
    const dialog = this.renderRoot.querySelector('dialog');
    if (this.companion.shown && dialog?.open === false) dialog.showModal();
    if (!this.companion.shown && dialog?.open === true) dialog.close();
    // What the dialog is for comes after it: the keyboard goes there, unless it is in use already.
    const { activeElement } = this.renderRoot as ShadowRoot;
    if (activeElement === null || activeElement.hasAttribute('data-first'))
      this.renderRoot.querySelector<HTMLElement>('footer .main')?.focus();
  }

  override render(): TemplateResult {
    return html`<dialog aria-labelledby="title" @close=${this.onClose}>
      <header>
        <h2 id="title">Build the real engine</h2>
        <button class="plain" data-first aria-label="Close" @click=${this.onClose}>✕</button>
      </header>
      ${this.companion.shown ? this.content() : ''}
    </dialog>`;
  }

  private content(): TemplateResult {
    const { hasToken, status, job } = this.companion;
    if (!hasToken) return this.absent();
    if (job !== null) return html`<companion-job .job=${job}></companion-job>`;
    switch (status.state) {
      case 'idle':
      case 'loading':
        return html`<p role="status" class="muted">Looking for TensorRT and a GPU…</p>
          <progress aria-label="Progress"></progress>`;
      case 'failed':
        return html`<problem-card .diagnostic=${status.error}></problem-card>
          ${this.footer(this.button('look', 'Try again'))}`;
      case 'ready':
        return this.ready(status.value);
    }
  }

  private absent(): TemplateResult {
    return html`<p>
        TensorRT builds engines on the machine that has it, so this page needs a server there. Start
        one with
      </p>
      <p class="command mono">${START} ${copyButton(START, 'Copy the command')}</p>
      <p>
        and open the address that it prints. It listens on that machine alone, to pages that know
        its token: your model goes nowhere else.
      </p>
      ${this.footer()}`;
  }

  private ready(status: CompanionStatus): TemplateResult {
    if (status.problem !== null)
      return html`<problem-card .diagnostic=${status.problem}></problem-card> ${backendList(status)}
        ${this.footer(this.button('look', 'Look again'))}`;
    const obstacle = buildObstacle(this.companion.wish, this.summary);
    const start = html`<button
      class="main"
      id="start"
      ?disabled=${obstacle !== ''}
      @click=${() => {
        this.ask({ do: 'start' });
      }}
    >
      Build
    </button>`;
    return html`${this.machine(status)} ${this.form(status)}
    ${obstacle === '' ? '' : html`<p class="warning" role="status">${obstacle}</p>`}
    ${this.pendingNote()} ${queueNote(status)} ${this.footer(start)}`;
  }

  private machine(status: CompanionStatus): TemplateResult {
    const builder = builderOf(status);
    const { gpu } = status;
    const patch = targetOfMachine(this.target, status);
    return html`<dl class="machine">
        <dt>TensorRT</dt>
        <dd>
          ${builder?.trtVersion ?? 'version not known yet'}
          <span class="muted">by ${builder?.id === 'python' ? 'Python' : 'trtexec'}</span>
        </dd>
        <dt>GPU</dt>
        <dd>
          ${gpu?.name ?? 'not known yet'}
          <span class="muted">
            ${gpuFigures(gpu)
              .map((figure) => `· ${figure}`)
              .join(' ')}
          </span>
        </dd>
        <dt>Model</dt>
        <dd>${this.summary?.fileName ?? 'none is open'}</dd>
      </dl>
      ${
        patch === null
          ? ''
          : html`<p class="warning">
              The prediction on show is for TensorRT ${this.target.trt} on compute capability
              ${capabilityText(this.target.sm)}.
              <button
                class="link"
                id="retarget"
                @click=${() => {
                  send(this, 'lab-target', patch);
                }}
              >
                Predict for this machine
              </button>
            </p>`
      }`;
  }

  private form(status: CompanionStatus): TemplateResult {
    const { wish } = this.companion;
    const trt = builderOf(status)?.trtVersion ?? this.target.trt;
    const chosen = modeOfWish(wish, this.target, status);
    return html`<div class="fields">
      <label class="field"
        ><span>Mode</span>
        <select
          aria-label="Mode"
          @change=${(event: Event) => {
            this.wish({ mode: (event.target as HTMLSelectElement).value as BuildMode });
          }}
        >
          ${modesOf(trt).map(
            ({ mode, label, help }) =>
              html`<option value=${mode} title=${help} .selected=${mode === chosen}>
                ${label}
              </option>`,
          )}
        </select>
        <span class="muted help">${modesOf(trt).find(({ mode }) => mode === chosen)?.help}</span>
      </label>
      ${(this.summary === null ? [] : dynamicDims(this.summary)).map((dim) => this.size(dim))}
      ${this.number('Workspace in MB', wish.workspaceMb, 'all there is', (value) => {
        this.wish({ workspaceMb: value });
      })}
    </div>`;
  }

  private size(dim: string): TemplateResult {
    const { dims } = this.companion.wish;
    return this.number(`Size of ${dim}`, dims[dim] ?? null, '', (value) => {
      this.wish({ dims: { ...dims, [dim]: value ?? 0 } });
    });
  }

  private number(
    words: string,
    value: number | null,
    placeholder: string,
    take: (value: number | null) => void,
  ): TemplateResult {
    return html`<label class="field"
      ><span>${words}</span
      ><input
        type="number"
        min="1"
        aria-label=${words}
        placeholder=${placeholder}
        .value=${value === null || value === 0 ? '' : String(value)}
        @change=${(event: Event) => {
          const given = Math.round(Number((event.target as HTMLInputElement).value));
          take(given >= 1 ? Math.min(given, MOST_WORKSPACE_MB) : null);
        }}
    /></label>`;
  }

  private pendingNote(): TemplateResult | string {
    if (this.pending === 0) return '';
    const count = countText(this.pending, 'scale');
    return html`<p class="warning">
      ${count} in it wait for calibration: times will be right, numbers will not.
    </p>`;
  }

  private footer(main: TemplateResult | string = ''): TemplateResult {
    return html`<footer class="row">
      <span class="grow"></span>
      <button @click=${this.onClose}>Close</button>
      ${main}
    </footer>`;
  }

  private button(what: 'look', words: string): TemplateResult {
    return html`<button
      class="main"
      data-do=${what}
      @click=${() => {
        this.ask({ do: what });
      }}
    >
      ${words}
    </button>`;
  }

  private wish(patch: Partial<BuildWish>): void {
    this.ask({ do: 'wish', patch });
  }

  private ask(request: CompanionRequest): void {
    send(this, 'lab-companion', request);
  }

  private onClose(): void {
    if (this.companion.shown) this.ask({ do: 'close' });
  }
}

function gpuFigures(gpu: CompanionStatus['gpu']): readonly string[] {
  if (gpu === null) return [];
  const { sm, memoryBytes, driver } = gpu;
  return [
    ...(sm === null ? [] : [`compute capability ${capabilityText(sm)}`]),
    ...(memoryBytes === null ? [] : [sizeText(memoryBytes)]),
    ...(driver === null ? [] : [`driver ${driver}`]),
  ];
}

/** What was looked for, and why it does not do. */
const backendList = ({ backends }: CompanionStatus): TemplateResult | string =>
  backends.length === 0
    ? ''
    : html`<ul class="backends">
        ${backends.map(
          ({ id, problem }) =>
            html`<li>
              <span class="mono">${id}</span> <span class="muted">${problem ?? 'works'}</span>
            </li>`,
        )}
      </ul>`;

function queueNote({ jobs }: CompanionStatus): TemplateResult | string {
  const ahead = jobs.filter(({ state }) => state === 'queued' || state === 'running').length;
  if (ahead === 0) return '';
  return html`<p class="muted">
    ${countText(ahead, 'build')} of another page ${ahead === 1 ? 'comes' : 'come'} first.
  </p>`;
}
