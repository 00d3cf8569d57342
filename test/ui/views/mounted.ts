import type { LitElement } from 'lit';

/** Puts an element with these properties into the document and waits until it and its children are drawn. */
export async function mounted<E extends LitElement>(
  element: E,
  properties: Partial<E>,
): Promise<E> {
  Object.assign(element, properties);
  document.body.append(element);
  await element.updateComplete;
  await new Promise((resolve) => requestAnimationFrame(resolve));
  return element;
}

/** All that is written in an element, shadow trees included, with single spaces. */
export function writtenIn(node: Node): string {
  const written = (at: Node): string => {
    if (at instanceof Text) return at.data;
    if (at instanceof HTMLStyleElement) return '';
    const inside = at instanceof Element && at.shadowRoot ? at.shadowRoot : at;
    return [...inside.childNodes].map(written).join(' ');
  };
  return written(node).replace(/\s+/g, ' ').trim();
}
