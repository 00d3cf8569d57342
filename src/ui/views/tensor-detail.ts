import type { TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Step } from '../../api/rewrite-api.ts';
import type {
  QuantizerError,
  TensorDetail as Detail,
} from '../../core/validate/validation-report.ts';
import { shareText } from '../state/error-columns.ts';
import { numberText } from '../state/format-text.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { copyButton } from '../widgets/copy-button.ts';
import '../widgets/pair-histogram.ts';
import '../widgets/scatter-chart.ts';
import { nodeLink } from './card-parts.ts';
import { send } from './send.ts';

/** The numbers of one tensor as pictures: how they are spread, and A against B; its quantizer and what would serve better. */
@customElement('tensor-detail')
export class TensorDetailView extends LitElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
      }
      h3 {
        margin: 0 0 2px;
        font-size: 13px;
        overflow-wrap: anywhere;
      }
      p {
        margin: 0 0 6px;
        overflow-wrap: anywhere;
      }
      dl {
        display: flex;
        flex-wrap: wrap;
        gap: 0 16px;
        margin: 0 0 6px;
        font-size: 12px;
      }
      dl > div {
        display: flex;
        gap: 6px;
      }
      dt {
        color: var(--muted);
      }
      dd {
        margin: 0;
        font-variant-numeric: tabular-nums;
        overflow-wrap: anywhere;
      }
      .axis {
        display: flex;
        justify-content: space-between;
        margin-bottom: 8px;
        font-size: 12px;
      }
      .pictures {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(200px, 1fr));
        gap: 8px 16px;
      }
      .key {
        display: inline-block;
        width: 14px;
        height: 8px;
        margin-right: 4px;
        background: var(--bar);
      }
      .key.line {
        height: 0;
        border-top: 2px solid var(--text);
        background: none;
        vertical-align: 3px;
      }
      .key.band {
        border: 1px dashed var(--good);
        background: none;
      }
    `,
  ];

  /** What the tensor is called. */
  @property() tensor = '';
  /** The node to go to. */
  @property() node = '';
  @property({ attribute: false }) detail: Detail | undefined = undefined;
  /** What its quantizer does, where it has one. */
  @property({ attribute: false }) quantizer: QuantizerError | undefined = undefined;
  /** What the two sides are called. */
  @property() first = 'before';
  @property() second = 'after';
  /** The report is about the model on show, so that its scales can be set. */
  @property({ type: Boolean }) isCurrent = false;

  override render(): TemplateResult {
    return html`<h3 class="mono">${this.tensor} ${copyButton(this.tensor, 'Copy the name')}</h3>
      <p class="muted">${nodeLink(this, this.node)}</p>
      ${this.quantizer === undefined ? '' : this.quantizerPart(this.quantizer)}
      ${
        this.detail === undefined
          ? html`<p class="muted">No sample of its numbers was kept.</p>`
          : this.pictures(this.detail)
      }`;
  }

  private quantizerPart(quantizer: QuantizerError): TemplateResult {
    const { range, saturated, unusedRange, minimum, maximum, better } = quantizer;
    const fact = (name: string, text: string): TemplateResult =>
      html`<div>
        <dt>${name}</dt>
        <dd>${text}</dd>
      </div>`;
    return html`<dl>
        ${fact('Range', `${numberText(range.lowest)} to ${numberText(range.highest)}`)}
        ${fact('Type', range.quantizedType)} ${fact('Scale', numberText(range.scale))}
        ${fact('Seen', `${numberText(minimum)} to ${numberText(maximum)}`)}
        ${fact('Cut off', shareText(saturated))} ${fact('Unused', shareText(unusedRange))}
        ${
          better === undefined
            ? ''
            : fact('Better', `${numberText(better.scale)}, +${better.gainDb.toFixed(1)} dB here`)
        }
      </dl>
      ${better === undefined ? '' : this.takeScale(quantizer, better.scale)}`;
  }

  private takeScale(quantizer: QuantizerError, scale: number): TemplateResult | string {
    const step = scaleStep([{ quantizer, scale }]);
    if (step === undefined) return '';
    return html`<p>
      <button
        id="use-scale"
        ?disabled=${!this.isCurrent}
        title=${this.isCurrent ? 'A step that can be taken back' : 'The model was changed since: validate again'}
        @click=${() => {
          send(this, 'lab-apply', { steps: [step], title: `Set the scale of ${quantizer.value}` });
        }}
      >
        Use this scale
      </button>
    </p>`;
  }

  private pictures({ before, after, quantizer, scatter }: Detail): TemplateResult {
    const range =
      quantizer === undefined
        ? null
        : { lowest: quantizer.lowest, highest: quantizer.highest, step: quantizer.scale };
    const { limit } = after;
    return html`<div class="pictures">
      <div>
        <pair-histogram .first=${before} .second=${after} .range=${range}></pair-histogram>
        <div class="axis number muted">
          <span>${numberText(-limit)}</span><span>0</span><span>${numberText(limit)}</span>
        </div>
        <p class="muted">
          <span class="key line"></span>${this.first}, <span class="key"></span>${this.second}${
            range === null
              ? ''
              : html`, <span class="key band"></span>range of the quantizer, step
                  ${numberText(range.step)}`
          }
        </p>
      </div>
      <div>
        <scatter-chart
          .pairs=${scatter}
          .first=${this.first}
          .second=${this.second}
        ></scatter-chart>
        <p class="muted">to the right ${this.first}, upwards ${this.second}</p>
      </div>
    </div>`;
  }
}

/** The step that sets scales of quantizers; undefined for types that steps do not set. */
export function scaleStep(
  wanted: readonly { readonly quantizer: QuantizerError; readonly scale: number }[],
): Step | undefined {
  const [first] = wanted;
  const type = first?.quantizer.range.quantizedType;
  if (type !== 'int8' && type !== 'float8e4m3fn') return undefined;
  const scales = Object.fromEntries(
    wanted
      .filter(({ quantizer }) => quantizer.range.quantizedType === type)
      .map(({ quantizer, scale }) => [quantizer.value, scale]),
  );
  return { kind: 'scales', type, scales, replace: true };
}
