/** Marks where text was left out. */
const ELLIPSIS = '…';

/** Text from a file, made harmless for a terminal: control characters are shown, not obeyed. */
export const printable = (text: string): string =>
  text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (control) => {
    const code = control.codePointAt(0) ?? 0;
    return `\\u${code.toString(16).padStart(4, '0')}`;
  });

/** Cuts the middle out of `text` where it is longer than `width` characters: both ends of a name tell it apart. */
export function truncateMiddle(text: string, width: number): string {
  const characters = [...text];
  if (characters.length <= width) return text;
  if (width <= 1) return ELLIPSIS.slice(0, Math.max(0, width));
  const head = Math.ceil((width - 1) / 2);
  const tail = width - 1 - head;
  return [
    ...characters.slice(0, head),
    ELLIPSIS,
    ...characters.slice(characters.length - tail),
  ].join('');
}

/** `1 layer`, `2 layers`. */
export const counted = (count: number, singular: string, plural = `${singular}s`): string =>
  `${String(count)} ${count === 1 ? singular : plural}`;
