import type { TemplateResult } from 'lit';
import { LitElement, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { EngineTensor, PredictedLayer } from '../../core/sim/predicted-engine.ts';
import type { RuleInfo } from '../../api/analyze-api.ts';
import { percentText } from '../state/format-text.ts';
import { PRECISION_NAME } from '../state/precision-text.ts';
import type { FindingView } from '../state/findings.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { chipStyles } from '../widgets/precision-chip.ts';
import { copyButton } from '../widgets/copy-button.ts';
import { cardStyles } from './card-styles.ts';
import { distinctNotes, engineTensorItem, layerChip, nodeLink, ruleNote } from './card-parts.ts';
import { findingStyles, findingsSection } from './finding-parts.ts';

const ROLE_WORDS: Readonly<Record<PredictedLayer['role'], string>> = {
  compute: '',
  reformat: 'copies a tensor into another type or format',
  noop: 'moves no data',
  qdq: 'a quantizer that nothing fused with',
  constant: 'a constant',
  shape: 'works on shapes, not on data',
};

const CALIBRATION =
  'so many layers of its type, and with the same rules fired, were predicted right in real engines';

/** Everything about one layer of the predicted engine: what it runs, what goes in and out, and why. */
@customElement('layer-card')
export class LayerCard extends LitElement {
  static override styles = [baseStyles, chipStyles, cardStyles, ...findingStyles];

  @property({ attribute: false }) layer!: PredictedLayer;
  /** How likely it is as TensorRT builds it, 0 to 1. */
  @property({ attribute: false }) sure: number | undefined;
  /** Findings about it. */
  @property({ attribute: false }) findings: readonly FindingView[] = [];
  /** Why its main node is here, as an element. */
  @property({ attribute: false }) why: TemplateResult | string = '';
  /** What of the Q/DQ around that node can be changed, as an element. */
  @property({ attribute: false }) edits: TemplateResult | string = '';
  @property({ attribute: false }) rules: ReadonlyMap<string, RuleInfo> = new Map();

  override render(): TemplateResult {
    const { layer } = this;
    return html`<header>
        <h2>${layerChip(layer)} ${layer.layerType}</h2>
        <p class="mono">${layer.name} ${copyButton(layer.name, 'Copy the name')}</p>
      </header>
      ${findingsSection(this, this.findings)} ${this.facts()} ${this.edits} ${this.why}
      ${this.history()} ${tensors('Inputs', layer.inputs)}${tensors('Outputs', layer.outputs)}
      <section>
        <h3>ONNX nodes</h3>
        ${
          layer.nodes.length === 0
            ? html`<p class="muted">None: the builder adds this layer itself.</p>`
            : html`<ul>
                ${layer.nodes.map((name) => html`<li>${nodeLink(this, name)}</li>`)}
              </ul>`
        }
      </section>`;
  }

  private facts(): TemplateResult {
    const { role, precision, activation, origin, uncertain, index } = this.layer;
    return html`<section>
      <dl>
        <dt>Layer</dt>
        <dd>${index}${ROLE_WORDS[role] === '' ? '' : `, ${ROLE_WORDS[role]}`}</dd>
        ${
          role === 'compute'
            ? html`<dt>Precision</dt>
                <dd>
                  ${PRECISION_NAME[precision]}${
                    uncertain
                      ? html` <span class="muted"
                          >(types and formats around it are decided by timing)</span
                        >`
                      : ''
                  }
                </dd>`
            : ''
        }
        ${this.sureness()}
        ${
          activation === undefined
            ? ''
            : html`<dt>Activation</dt>
                <dd>${activation}</dd>`
        }
        ${
          origin === undefined
            ? ''
            : html`<dt>Origin</dt>
                <dd>${origin}</dd>`
        }
      </dl>
    </section>`;
  }

  private sureness(): TemplateResult | string {
    if (this.sure === undefined) return '';
    return html`<dt>Sure</dt>
      <dd id="sure">${percentText(this.sure)} <span class="muted">${CALIBRATION}</span></dd>`;
  }

  private history(): TemplateResult {
    const notes = distinctNotes(this.layer.notes);
    const refused = notes.filter(({ outcome }) => outcome === 'refused');
    const fired = notes.filter(({ outcome }) => outcome === 'fired');
    return html`${
        refused.length === 0
          ? ''
          : html`<section id="refused">
              <h3>Refused here</h3>
              ${refused.map((note) => ruleNote(this, note, this.rules))}
            </section>`
      }
      <section id="fired">
        <h3>How it came about</h3>
        ${
          fired.length === 0
            ? html`<p class="muted">No rule changed it: the layer is the node as it stands.</p>`
            : fired.map((note) => ruleNote(this, note, this.rules))
        }
      </section>`;
  }
}

const tensors = (title: string, list: readonly EngineTensor[]): TemplateResult | string =>
  list.length === 0
    ? ''
    : html`<section>
        <h3>${title}</h3>
        <ul>
          ${list.map(engineTensorItem)}
        </ul>
      </section>`;
