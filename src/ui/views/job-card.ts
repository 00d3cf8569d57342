import type { TemplateResult } from 'lit';
import { LitElement, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { ifDefined } from 'lit/directives/if-defined.js';
import { percentText } from '../state/format-text.ts';
import type { LabJob } from '../state/lab-state.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { progressStyles } from './progress-styles.ts';
import { send } from './send.ts';

/** How far a change of the model is, with the button that ends it at once. Short ones are over before it shows. */
@customElement('job-card')
export class JobCard extends LitElement {
  static override styles = [baseStyles, progressStyles];

  @property({ attribute: false }) job: LabJob | null = null;

  override render(): TemplateResult | string {
    if (this.job === null) return '';
    const { title, step, fraction } = this.job;
    return html`<div class="name">${title}</div>
      <progress max="1" value=${ifDefined(fraction)} aria-label="Progress"></progress>
      <div class="row">
        <span class="muted number" role="status"
          >${step}${fraction === undefined ? '…' : ` · ${percentText(Math.min(1, fraction))}`}</span
        >
        <button
          @click=${() => {
            send(this, 'lab-cancel-job', {});
          }}
        >
          Cancel
        </button>
      </div>`;
  }
}
