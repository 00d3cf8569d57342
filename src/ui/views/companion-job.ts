import type { TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { ifDefined } from 'lit/directives/if-defined.js';
import type { Artefact } from '../../core/engine/build-manifest.ts';
import type { CompanionJob, CompanionRequest } from '../state/companion-state.ts';
import { percentText, sizeText } from '../state/format-text.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { companionDialogStyles } from './companion-dialog-styles.ts';
import { labStyles } from './lab-styles.ts';
import './problem-card.ts';
import { send } from './send.ts';

/** What can be saved of a build, in this order. */
const SAVED: Readonly<Partial<Record<Artefact, string>>> = {
  engine: 'Engine',
  layers: 'Layers',
  profile: 'Profile',
  log: 'Build log',
  manifest: 'Manifest',
};

/** A build: how far it is, and what came of it. */
@customElement('companion-job')
export class CompanionJobCard extends LitElement {
  static override styles = [
    baseStyles,
    labStyles,
    companionDialogStyles,
    css`
      .model {
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      .step {
        min-height: 20px;
        margin: 0;
      }
      .sign {
        color: var(--good);
      }
      problem-card {
        box-shadow: none;
      }
      .files {
        margin-top: 10px;
      }
      footer {
        margin-top: 14px;
      }
    `,
  ];

  @property({ attribute: false }) job: CompanionJob | null = null;

  override render(): TemplateResult | string {
    if (this.job === null) return '';
    return this.job.stage === 'ended' ? this.ended(this.job) : this.underWay(this.job);
  }

  private underWay({ model, step, fraction }: CompanionJob): TemplateResult {
    const share = fraction === null ? '…' : ` · ${percentText(Math.min(1, fraction))}`;
    return html`<p class="model">${model}</p>
      <progress max="1" value=${ifDefined(fraction ?? undefined)} aria-label="Progress"></progress>
      <p class="step muted number" role="status">${step}${step === '' ? '' : share}</p>
      <footer class="row">
        <span class="muted grow">It goes on when this is closed.</span>
        ${this.button({ do: 'cancel' }, 'Cancel')} ${this.button({ do: 'close' }, 'Close')}
      </footer>`;
  }

  private ended({ model, outcome, problem, files }: CompanionJob): TemplateResult {
    return html`<p class="model">${model}</p>
      ${
        outcome === 'built'
          ? html`<p role="status">
              <span class="sign">✓</span> Built. What TensorRT tells of it stands beside the
              prediction.
            </p>`
          : ''
      }
      ${outcome === 'cancelled' ? html`<p role="status">The build was cancelled.</p>` : ''}
      ${
        problem === null || outcome === 'cancelled'
          ? ''
          : html`<problem-card .diagnostic=${problem}></problem-card>`
      }
      ${this.files(files)}
      <footer class="row">
        <span class="grow"></span>
        ${this.button({ do: 'again' }, 'Build again…')}
        ${this.button({ do: 'close' }, 'Close', 'main')}
      </footer>`;
  }

  private files(files: CompanionJob['files']): TemplateResult | string {
    const entries = Object.entries(SAVED) as [Artefact, string][];
    const there = entries.flatMap(([kind, words]) => {
      const file = files.find((other) => other.kind === kind);
      return file === undefined ? [] : [{ ...file, words }];
    });
    if (there.length === 0) return '';
    return html`<div class="row files">
      <span class="muted">Save</span>
      ${there.map(
        ({ kind, words, name, sizeBytes }) =>
          html`<button
            class="small"
            data-save=${kind}
            title=${name}
            @click=${() => {
              this.ask({ do: 'save', kind });
            }}
          >
            ${words} <span class="muted number">${sizeText(sizeBytes)}</span>
          </button>`,
      )}
    </div>`;
  }

  private button(request: CompanionRequest, words: string, look = ''): TemplateResult {
    return html`<button
      class=${look}
      data-do=${request.do}
      @click=${() => {
        this.ask(request);
      }}
    >
      ${words}
    </button>`;
  }

  private ask(request: CompanionRequest): void {
    send(this, 'lab-companion', request);
  }
}
