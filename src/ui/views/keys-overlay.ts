import type { PropertyValues, TemplateResult } from 'lit';
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { baseStyles } from '../widgets/base-styles.ts';
import { send } from './send.ts';

const KEYS: readonly (readonly [keys: readonly string[], what: string])[] = [
  [['/'], 'search nodes and layers'],
  [['f'], 'fit the graph into its place'],
  [['↑', '↓', '←', '→'], 'go along the edges of a graph, through a list or table'],
  [['Enter'], 'inspect what is selected'],
  [['n', 'p'], 'next, previous finding'],
  [['a', 'd'], 'add, remove a Q/DQ pair at what is selected'],
  [['z', 'Z'], 'undo, redo (also with Ctrl or Cmd)'],
  [['b'], 'the engines before and after side by side'],
  [['e'], 'built engines: figures, tables, comparison'],
  [['g'], 'the predicted engine, the built one, both'],
  [['h'], 'the built engine coloured by time or by precision'],
  [['B'], 'build the real engine on a GPU'],
  [['v'], 'validation: what changes do to the numbers'],
  [['1', '…', '6'], 'outline, model, engine, inspector, details, lab'],
  [['Tab'], 'to the next control or place'],
  [['t'], 'open or close the details'],
  [['o'], 'open a file'],
  [['Esc'], 'close, or clear the search and the selection'],
  [['?'], 'this list'],
];

/** All keys on one page, as a modal dialog. */
@customElement('keys-overlay')
export class KeysOverlay extends LitElement {
  static override styles = [
    baseStyles,
    css`
      dialog {
        width: min(480px, calc(100vw - 32px));
        padding: 16px 20px;
        border: 1px solid var(--line-strong);
        border-radius: 6px;
        color: inherit;
        background: var(--raised);
        box-shadow: var(--shadow);
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 0.35);
      }
      header {
        display: flex;
        align-items: center;
        justify-content: space-between;
        margin-bottom: 8px;
      }
      h2 {
        margin: 0;
        font-size: 14px;
      }
      dl {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        align-items: baseline;
        gap: 6px 16px;
        margin: 0;
      }
      dd {
        margin: 0;
      }
      kbd {
        display: inline-block;
        min-width: 20px;
        padding: 0 5px;
        border: 1px solid var(--line-strong);
        border-radius: 3px;
        font: 12px/18px var(--mono);
        text-align: center;
        background: var(--panel);
      }
    `,
  ];

  @property({ type: Boolean }) shown = false;

  protected override updated(changed: PropertyValues): void {
    if (!changed.has('shown')) return;
    const dialog = this.renderRoot.querySelector('dialog');
    if (this.shown && dialog?.open === false) dialog.showModal();
    if (!this.shown && dialog?.open === true) dialog.close();
  }

  override render(): TemplateResult {
    return html`<dialog aria-labelledby="title" @close=${this.onClose} @click=${this.onClick}>
      <header>
        <h2 id="title">Keys</h2>
        <button class="plain" aria-label="Close" @click=${this.onClose}>✕</button>
      </header>
      <dl>
        ${KEYS.map(
          ([keys, what]) =>
            html`<dt>${keys.map((key) => html`<kbd>${key}</kbd> `)}</dt>
              <dd>${what}</dd>`,
        )}
      </dl>
    </dialog>`;
  }

  private onClose(): void {
    send(this, 'lab-keys', { shown: false });
  }

  /** A click beside the list lands on the dialog itself. */
  private onClick(event: MouseEvent): void {
    const dialog = event.currentTarget as HTMLDialogElement;
    const { left, right, top, bottom } = dialog.getBoundingClientRect();
    const { clientX: x, clientY: y } = event;
    if (event.target === dialog && (x < left || x > right || y < top || y > bottom)) this.onClose();
  }
}
