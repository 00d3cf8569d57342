import type { TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { PredictedEngine } from '../../core/sim/predicted-engine.ts';
import type { PassView } from '../../api/rewrite-api.ts';
import type { FindingGroup, FindingView } from '../state/findings.ts';
import { countText } from '../state/format-text.ts';
import { layersOfNodes } from '../state/layer-words.ts';
import { siteStep } from '../state/pass-switches.ts';
import { remediesOf } from '../state/remedies.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { chipStyles } from '../widgets/precision-chip.ts';
import { severityMark } from '../widgets/severity-mark.ts';
import { cardStyles } from './card-styles.ts';
import { layerLink, nodeLink } from './card-parts.ts';
import { findingStyles, selectFinding, sourcesOf } from './finding-parts.ts';
import { numericsBadge, numericsStyles } from './numerics-badge.ts';
import { send } from './send.ts';

/** Links shown at once: a panel of thousands would stall the page and help nobody. */
const SHOWN = 100;

/** One finding, or all of one kind: what is wrong, what it costs, what to do, and where it is written. */
@customElement('finding-card')
export class FindingCard extends LitElement {
  static override styles = [
    baseStyles,
    chipStyles,
    cardStyles,
    ...findingStyles,
    numericsStyles,
    css`
      .remedy {
        display: flex;
        align-items: baseline;
        gap: 8px;
        margin-top: 6px;
        overflow-wrap: anywhere;
      }
      .remedy > span {
        min-width: 0;
      }
    `,
  ];

  @property({ attribute: false }) finding: FindingView | FindingGroup | null = null;
  @property({ attribute: false }) engine: PredictedEngine | null = null;
  /** What passes would do, where that was looked at. */
  @property({ attribute: false }) passes: readonly PassView[] = [];
  /** True while a change of the model is under way. */
  @property({ type: Boolean }) busy = false;

  override render(): TemplateResult | string {
    const { finding } = this;
    if (finding === null) return '';
    const single = 'message' in finding ? finding : undefined;
    return html`<header>
        ${severityMark(finding.severity)}
        <h2>${finding.title}</h2>
        ${single ? html`<p>${single.message}</p>` : ''}
      </header>
      ${single ? this.remedy(single) : this.places(finding as FindingGroup)}
      <section>
        <h3>Source</h3>
        ${sourcesOf(finding)}
      </section>
      ${single ? this.nodes(single) : ''} ${this.layers(finding.nodes)}`;
  }

  private remedy(finding: FindingView): TemplateResult {
    const { consequence, advice, fix, parserMessage } = finding;
    return html`<section>
        <h3>What TensorRT makes of it</h3>
        <p>${consequence}</p>
        ${parserMessage === undefined ? '' : html`<p class="mono">${parserMessage}</p>`}
      </section>
      <section id="fix">
        <h3>What to do</h3>
        <p>${fix?.description ?? advice}</p>
        ${fix ? html`<p class="muted">${advice}</p>` : ''} ${this.remedies(finding)}
      </section>`;
  }

  /** What passes would do at the nodes of the finding: not always its cure, so each says itself what it does. */
  private remedies(finding: FindingView): TemplateResult[] {
    return remediesOf(finding, this.passes).map(
      ({ pass, proposal }) =>
        html`<div class="remedy">
          <button
            ?disabled=${this.busy}
            title=${pass.title}
            @click=${() => {
              const place = { passId: pass.id, site: proposal.site };
              send(this, 'lab-apply', { steps: [siteStep(place)], title: proposal.text });
            }}
          >
            Apply
          </button>
          <span>${proposal.text} ${numericsBadge(pass.numerics)}</span>
        </div>`,
    );
  }

  private places({ findings }: FindingGroup): TemplateResult {
    return html`<section id="places">
      <h3>${countText(findings.length, 'place')}, most costly first</h3>
      ${findings.slice(0, SHOWN).map(
        (finding) =>
          html`<div class="finding">
            <button class="link" @click=${() => selectFinding(this, finding)}>
              ${finding.message}
            </button>
          </div>`,
      )}
      ${more(findings.length)}
    </section>`;
  }

  private nodes({ nodes }: FindingView): TemplateResult {
    return html`<section>
      <h3>ONNX nodes</h3>
      <ul>
        ${nodes.slice(0, SHOWN).map((name) => html`<li>${nodeLink(this, name)}</li>`)}
      </ul>
      ${more(nodes.length)}
    </section>`;
  }

  private layers(nodes: readonly string[]): TemplateResult | string {
    if (this.engine === null) return '';
    const layers = layersOfNodes(this.engine, nodes);
    return html`<section>
      <h3>${countText(layers.length, 'layer')} of the engine</h3>
      <ul>
        ${layers.slice(0, SHOWN).map((layer) => html`<li>${layerLink(this, layer)}</li>`)}
      </ul>
      ${more(layers.length)}
    </section>`;
  }
}

const more = (count: number): TemplateResult | string =>
  count > SHOWN ? html`<p class="muted">and ${count - SHOWN} more</p>` : '';
