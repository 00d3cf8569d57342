import { noChange } from 'lit';
import type { ElementPart, PartInfo } from 'lit/directive.js';
import { Directive, PartType, directive } from 'lit/directive.js';

/** Style properties by their CSS name, custom ones included. */
export type InlineStyles = Readonly<Record<string, string>>;

/**
 * Sets style properties one by one. A `style` attribute, also the one that lit's `styleMap` writes first, is
 * refused by `style-src 'self'`; the object model is not.
 */
class InlineStyleDirective extends Directive {
  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error('inlineStyle stands in the tag itself');
  }

  override update(part: ElementPart, [styles]: [InlineStyles]): unknown {
    const { style } = part.element as HTMLElement;
    for (const [name, value] of Object.entries(styles))
      if (style.getPropertyValue(name) !== value) style.setProperty(name, value);
    return noChange;
  }

  render(_styles: InlineStyles): unknown {
    return noChange;
  }
}

/** `<div ${inlineStyle({ transform: 'translateY(24px)' })}>`. Properties once set stay until set again. */
export const inlineStyle = directive(InlineStyleDirective);
