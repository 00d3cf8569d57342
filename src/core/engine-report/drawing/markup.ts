/** What XML 1.0 has no place for: most control characters, halves of surrogate pairs, two non-characters. */
const UNFIT =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
/** Marks that turn the direction of the text around them: a name must not rearrange what stands beside it. */
const TURNING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** How Myelin joins names of layers. */
const SEPARATORS = /\s*[\u001e\u001f]+\s*/g;

/** Text from a file made fit for XML and HTML, also inside quoted attributes. What cannot be shown becomes U+FFFD. */
export const escapeMarkup = (text: string): string =>
  text
    .replace(SEPARATORS, ' + ')
    .replace(UNFIT, '\ufffd')
    .replace(TURNING, '\ufffd')
    .replace(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`);

/** Cuts text to about `width` columns, wide characters counting twice; the end is kept, because it tells names apart. */
export function fitText(text: string, width: number): string {
  // More than this cannot fit, whatever the characters are: names may have megabytes.
  const characters = [...(text.length > 4 * width ? text.slice(-4 * width) : text)];
  const wide = (character: string): number =>
    /[\u1100-\uffe6]|[^\u0000-\uffff]/.test(character) ? 2 : 1;
  let columns = characters.reduce((sum, character) => sum + wide(character), 0);
  if (columns <= width && characters.length === [...text.slice(0, 4 * width + 1)].length)
    return text;
  let start = 0;
  while (start < characters.length && columns > width - 1) columns -= wide(characters[start++]!);
  return `…${characters.slice(start).join('')}`;
}

/** Text for a tooltip: long enough for any name that people give, short enough for ten thousand of them. */
export const tooltip = (text: string): string =>
  `<title>${escapeMarkup(text.length > LONGEST_TOOLTIP ? `${text.slice(0, LONGEST_TOOLTIP)}…` : text)}</title>`;
const LONGEST_TOOLTIP = 600;

/** A length with one decimal at most. */
export const place = (length: number): string => String(Math.round(length * 10) / 10);
