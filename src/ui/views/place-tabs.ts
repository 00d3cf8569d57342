import type { TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Place } from '../state/app-state.ts';
import { PLACES } from '../state/app-state.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { send } from './send.ts';

const PLACE_WORDS: Readonly<Record<Place, string>> = {
  outline: 'Outline',
  model: 'Model',
  engine: 'Engine',
  inspector: 'Inspect',
  drawer: 'Details',
  lab: 'Lab',
};

/** The places of the window as tabs; there only where the screen is too narrow to show them all. */
@customElement('place-tabs')
export class PlaceTabs extends LitElement {
  static override styles = [
    baseStyles,
    css`
      nav {
        display: none;
      }
      @media (max-width: 899px) {
        nav {
          display: grid;
          grid-auto-columns: 1fr;
          grid-auto-flow: column;
          padding-bottom: env(safe-area-inset-bottom);
          border-top: 1px solid var(--line);
          background: var(--panel);
        }
      }
      button {
        min-height: 44px;
        padding: 0 2px;
        border: 0;
        border-radius: 0;
        font-size: 12px;
        color: var(--muted);
        background: none;
      }
      button[aria-current='true'] {
        color: var(--text);
        font-weight: 600;
        box-shadow: inset 0 2px 0 var(--text);
      }
      button:focus-visible {
        outline-offset: -2px;
      }
    `,
  ];

  @property() place: Place = 'engine';
  /** What places are called where something else than usual stands in them. */
  @property({ attribute: false }) words: Partial<Readonly<Record<Place, string>>> = {};

  override render(): TemplateResult {
    return html`<nav aria-label="Places">
      ${PLACES.map(
        (place) =>
          html`<button
            aria-current=${place === this.place}
            @click=${() => {
              send(this, 'lab-layout', { place });
            }}
          >
            ${this.words[place] ?? PLACE_WORDS[place]}
          </button>`,
      )}
    </nav>`;
  }
}
