import type { TemplateResult } from 'lit';
import { LitElement, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { PassSite, PassView } from '../../api/rewrite-api.ts';
import { countText } from '../state/format-text.ts';
import type { Loadable } from '../state/loadable.ts';
import type { PassSwitches } from '../state/pass-switches.ts';
import {
  ALL_ON,
  isSiteOn,
  openSites,
  passesStep,
  siteStep,
  togglePass,
  toggleSite,
  usualCount,
  usualIds,
} from '../state/pass-switches.ts';
import { baseStyles } from '../widgets/base-styles.ts';
import { nodeLink } from './card-parts.ts';
import { labStyles } from './lab-styles.ts';
import { numericsBadge, numericsStyles } from './numerics-badge.ts';
import { passListStyles } from './pass-list-styles.ts';
import './problem-card.ts';
import { send } from './send.ts';

/** Places shown at once in one pass. */
const SHOWN = 40;
const GROUPS: readonly (readonly [PassView['group'], string])[] = [
  ['normalize', 'Make it plain for TensorRT'],
  ['place', 'Put Q/DQ in their places'],
  ['tidy', 'Tidy up'],
];

/** What each pass would do on the model on show, where it declines and why, with switches for passes and places. */
@customElement('pass-list')
export class PassList extends LitElement {
  static override styles = [baseStyles, labStyles, numericsStyles, passListStyles];

  @property({ attribute: false }) passes: Loadable<readonly PassView[]> = { state: 'idle' };
  @property({ attribute: false }) switches: PassSwitches = ALL_ON;
  /** True while a change is under way. */
  @property({ type: Boolean }) busy = false;
  /** Passes that show what they would do. */
  @state() private open: ReadonlySet<string> = new Set();

  override render(): TemplateResult {
    const { passes } = this;
    return html`<section id="passes">
      <h3>Passes</h3>
      ${
        passes.state === 'failed'
          ? html`<problem-card .diagnostic=${passes.error}></problem-card>`
          : passes.state === 'ready'
            ? this.list(passes.value)
            : html`<p class="muted">Looking at what each pass would do…</p>`
      }
    </section>`;
  }

  private list(passes: readonly PassView[]): TemplateResult {
    const { switches } = this;
    const count = usualCount(passes, switches);
    const ids = usualIds(passes, switches);
    const asked = passes.filter(({ onRequest }) => onRequest !== undefined);
    const usual = passes.filter(({ onRequest }) => onRequest === undefined);
    const quiet = usual.filter(
      ({ proposals, declined }) => proposals.length + declined.length === 0,
    );
    return html`<div class="row">
        <button
          id="apply-usual"
          ?disabled=${this.busy || count === 0}
          title="Runs them in order until none finds anything"
          @click=${() => {
            const title = `Apply ${countText(ids.length, 'pass', 'passes')}`;
            send(this, 'lab-apply', { steps: [passesStep(ids, switches)], title });
          }}
        >
          Apply all usual ones
        </button>
        <span class="muted number">${countText(count, 'place')} now</span>
      </div>
      ${GROUPS.map(([group, words]) => {
        const members = usual.filter((pass) => pass.group === group && !quiet.includes(pass));
        return members.length === 0
          ? ''
          : html`<h4>${words}</h4>
              <ul>
                ${members.map((pass) => this.pass(pass))}
              </ul>`;
      })}
      ${this.folded(quiet, `${countText(quiet.length, 'pass finds', 'passes find')} nothing here`)}
      ${this.folded(asked, `${countText(asked.length, 'pass', 'passes')} on request only`)}`;
  }

  private folded(passes: readonly PassView[], words: string): TemplateResult | string {
    if (passes.length === 0) return '';
    return html`<details class="quiet">
      <summary class="muted">${words}</summary>
      <ul>
        ${passes.map((pass) => this.pass(pass))}
      </ul>
    </details>`;
  }

  private pass(pass: PassView): TemplateResult {
    const { id, title, proposals, declined, numerics, onRequest } = pass;
    const open = this.open.has(id);
    const sites = openSites(pass, this.switches);
    return html`<li class="pass" data-pass=${id}>
      <div class="head">
        ${onRequest === undefined ? this.passSwitch(pass) : ''}
        <button
          class="title"
          aria-expanded=${open}
          @click=${() => {
            this.flip(id);
          }}
        >
          ${title}
        </button>
        <span class="count number" title=${countsText(pass)}
          >${proposals.length}${
            declined.length === 0
              ? ''
              : html`<span class="muted">/${proposals.length + declined.length}</span>`
          }</span
        >
        <button
          class="small"
          ?disabled=${this.busy || sites.length === 0}
          aria-label="Apply: ${title}"
          @click=${() => {
            send(this, 'lab-apply', { steps: [passesStep([id], this.switches)], title });
          }}
        >
          Apply
        </button>
      </div>
      <div class="badges">
        ${numericsBadge(numerics)}
        ${onRequest === undefined ? '' : html`<span class="muted">${onRequest}</span>`}
      </div>
      ${open ? this.details(pass) : ''}
    </li>`;
  }

  private passSwitch({ id, title }: PassView): TemplateResult {
    const on = !this.switches.passes.has(id);
    return html`<input
      type="checkbox"
      .checked=${on}
      aria-label="Run: ${title}"
      title=${on ? 'Runs with the usual ones' : 'Is left out'}
      @change=${() => {
        send(this, 'lab-switches', { switches: togglePass(this.switches, id) });
      }}
    />`;
  }

  private details({ id, summary, docs, proposals, declined }: PassView): TemplateResult {
    return html`<div class="more">
      <p>${sentence(summary)}</p>
      ${docs.map(
        ({ title, url, says }) =>
          html`<p class="muted">
            <a href=${url} target="_blank" rel="noreferrer">${title}</a>: ${says}
          </p>`,
      )}
      ${
        proposals.length === 0
          ? ''
          : html`<ul>
              ${proposals.slice(0, SHOWN).map((proposal) => this.site(id, proposal))}
            </ul>`
      }
      ${moreThan(proposals.length)}
      ${
        declined.length === 0
          ? ''
          : html`<p class="lead">Declines at ${countText(declined.length, 'place')}:</p>
              <ul>
                ${declined
                  .slice(0, SHOWN)
                  .map(
                    ({ site, reason }) =>
                      html`<li class="declined">
                        ${nodeLink(this, site)} <span class="muted">${reason}</span>
                      </li>`,
                  )}
              </ul>
              ${moreThan(declined.length)}`
      }
    </div>`;
  }

  private site(
    passId: string,
    { site, text, nodes }: PassView['proposals'][number],
  ): TemplateResult {
    const place: PassSite = { passId, site };
    return html`<li class="site">
      <input
        type="checkbox"
        .checked=${isSiteOn(this.switches, place)}
        aria-label="Change here: ${site}"
        @change=${() => {
          send(this, 'lab-switches', { switches: toggleSite(this.switches, place) });
        }}
      />
      <div>
        <div>${text}</div>
        ${nodeLink(this, nodes.includes(site) ? site : (nodes[0] ?? site))}
      </div>
      <button
        class="small"
        ?disabled=${this.busy}
        title="Applies the pass at this place only"
        aria-label="Apply here only: ${site}"
        @click=${() => {
          send(this, 'lab-apply', { steps: [siteStep(place)], title: text });
        }}
      >
        Here
      </button>
    </li>`;
  }

  private flip(id: string): void {
    const open = new Set(this.open);
    if (!open.delete(id)) open.add(id);
    this.open = open;
  }
}

const sentence = (text: string): string => (text.endsWith('.') ? text : `${text}.`);

const countsText = ({ proposals, declined }: PassView): string =>
  `would change ${countText(proposals.length, 'place')}, declines at ${String(declined.length)}`;

const moreThan = (count: number): TemplateResult | string =>
  count > SHOWN ? html`<p class="muted">and ${count - SHOWN} more</p>` : '';
