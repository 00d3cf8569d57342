import type { TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { EngineSide, EnginesState } from '../state/engine-state.ts';
import { ENGINE_SIDES, NO_ENGINES, shownEngine } from '../state/engine-state.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { send } from './send.ts';

const SIDE_WORDS: Readonly<Record<EngineSide, readonly [word: string, title: string]>> = {
  predicted: ['Predicted', 'The model and its predicted engine (g)'],
  built: ['Built', 'The model and the engine that TensorRT built (g)'],
  both: ['Both', 'The predicted engine beside the built one (g)'],
};

/** Above an engine, once a built one is open: which engine is shown, and by what its boxes are coloured. */
@customElement('engine-tools')
export class EngineTools extends LitElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: flex;
        flex: none;
        margin-left: auto;
        align-items: center;
        gap: 6px;
        min-width: 0;
      }
      .group {
        display: flex;
        border: 1px solid var(--line);
        border-radius: 4px;
      }
      .group button {
        min-height: 22px;
        padding: 0 7px;
        border: 0;
        border-radius: 3px;
        font-size: 12px;
        background: none;
      }
      .group button + button {
        border-left: 1px solid var(--line);
        border-radius: 0 3px 3px 0;
      }
      .group button[aria-pressed='true'] {
        font-weight: 600;
        background: var(--hover);
      }
      select {
        min-height: 24px;
        max-width: 160px;
        font-size: 12px;
      }
      @media (pointer: coarse) {
        .group button {
          min-height: 32px;
        }
      }
      @media (max-width: 500px) {
        select {
          max-width: 96px;
        }
      }
    `,
  ];

  @property({ attribute: false }) engines: EnginesState = NO_ENGINES;
  /** There is no model, and so nothing predicted to stand beside it. */
  @property({ type: Boolean }) alone = false;

  override render(): TemplateResult {
    const { side } = this.engines;
    return html`${this.alone || side !== 'predicted' ? this.menu() : ''}
    ${this.alone || side !== 'predicted' ? this.colours() : ''} ${this.alone ? '' : this.sides()}`;
  }

  /** Which of several engines; one alone needs no menu. */
  private menu(): TemplateResult | string {
    const { opened, shown } = this.engines;
    if (opened.length < 2) return '';
    return html`<select
      aria-label="Built engine on show"
      @change=${(event: Event) => {
        send(this, 'lab-engine', { do: 'show', id: (event.target as HTMLSelectElement).value });
      }}
    >
      ${opened.map(
        ({ id, label }) => html`<option value=${id} .selected=${id === shown}>${label}</option>`,
      )}
    </select>`;
  }

  private colours(): TemplateResult | string {
    const shown = shownEngine({ engines: this.engines });
    const timed = (shown?.analysis.figures.layerTimeUs ?? null) !== null;
    const painted = this.engines.heat !== null;
    const button = (word: string, on: boolean, title: string): TemplateResult =>
      html`<button
        aria-pressed=${on}
        title=${title}
        ?disabled=${!timed}
        @click=${() => {
          if (!on) send(this, 'lab-engine', { do: 'heat' });
        }}
      >
        ${word}
      </button>`;
    const missing = 'There are no times: open the profile of this engine, too';
    return html`<span class="group" role="group" aria-label="Colour by">
      ${button('Type', !painted, timed ? 'Boxes coloured by precision (h)' : missing)}${button(
        'Time',
        painted,
        timed ? 'Boxes coloured by their share of the time (h)' : missing,
      )}
    </span>`;
  }

  private sides(): TemplateResult {
    return html`<span class="group" role="group" aria-label="Engine on show">
      ${ENGINE_SIDES.map((side) => {
        const [word, title] = SIDE_WORDS[side];
        return html`<button
          data-side=${side}
          aria-pressed=${side === this.engines.side}
          title=${title}
          @click=${() => {
            send(this, 'lab-engine', { do: 'side', side });
          }}
        >
          ${word}
        </button>`;
      })}
    </span>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'engine-tools': EngineTools;
  }
}
