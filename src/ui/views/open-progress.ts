import type { TemplateResult } from 'lit';
import { LitElement, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { ifDefined } from 'lit/directives/if-defined.js';
import type { AppState } from '../state/app-state.ts';
import { percentText } from '../state/format-text.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { progressStyles } from './progress-styles.ts';
import { send } from './send.ts';

/** How far the opening of a file is, with the button that stops it. */
@customElement('open-progress')
export class OpenProgress extends LitElement {
  static override styles = [baseStyles, progressStyles];

  @property({ attribute: false }) opening: AppState['opening'] = null;

  override render(): TemplateResult | string {
    if (this.opening === null) return '';
    const { fileName, step, fraction } = this.opening;
    return html`<div class="name">Opening ${fileName}</div>
      <progress max="1" value=${ifDefined(fraction)} aria-label="Progress"></progress>
      <div class="row">
        <span class="muted number" role="status"
          >${step}${fraction === undefined ? '…' : ` · ${percentText(fraction)}`}</span
        >
        <button
          @click=${() => {
            send(this, 'lab-cancel', {});
          }}
        >
          Cancel
        </button>
      </div>`;
  }
}
