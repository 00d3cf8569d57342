import type { TemplateResult } from 'lit';
import { html } from 'lit';

/** How long the button says that it has copied, in milliseconds. */
const THANKS_MS = 1200;

/** A small button that puts a text on the clipboard and says so on itself. */
export function copyButton(text: string | (() => string), title: string): TemplateResult {
  const onClick = async (event: Event): Promise<void> => {
    const button = event.currentTarget as HTMLButtonElement;
    const label = button.dataset['label'] ?? 'Copy';
    const copied = await navigator.clipboard
      .writeText(typeof text === 'string' ? text : text())
      .then(
        () => true,
        () => false,
      );
    button.textContent = copied ? 'Copied' : 'Clipboard refused';
    setTimeout(() => {
      button.textContent = label;
    }, THANKS_MS);
  };
  return html`<button class="plain muted" data-label="Copy" title=${title} @click=${onClick}>
    Copy
  </button>`;
}
