/** How lines are broken. */
export interface Wrapping {
  /** Characters that a line may take, indentation included. */
  readonly width: number;
  /** What lines after the first begin with. */
  readonly indent?: string;
}

/**
 * `text` in lines of at most `width` characters, broken between words only: a word that is longer has a line to itself.
 * What `text` begins with stays; line breaks in it are blanks.
 */
export function wrapText(text: string, { width, indent = '' }: Wrapping): string {
  return wrapWords(text.split(/[ \n]/), width, { indent, end: '' });
}

/** A command of a shell in lines of at most `width` characters, which may be copied: they end with a backslash. */
export function wrapCommand(command: string, { width, indent = '' }: Wrapping): string {
  // Blanks inside quotes belong to a word, and an option keeps its value.
  const words = command.match(/^ +|(?:'[^']*'|"[^"]*"|[^ '"])+/g) ?? [];
  const units: string[] = [];
  for (const word of words) {
    const last = units.at(-1);
    if (last?.trim() === '') units.push(`${units.pop() ?? ''}${word}`);
    else if (last !== undefined && /^--[^ ]+$/.test(last) && !word.startsWith('-'))
      units.push(`${units.pop() ?? ''} ${word}`);
    else units.push(word);
  }
  return wrapWords(units, width, { indent, end: ' \\' });
}

interface Break {
  readonly indent: string;
  readonly end: string;
}

function wrapWords(words: readonly string[], width: number, { indent, end }: Break): string {
  const lines: string[] = [];
  let line = '';
  for (const [i, word] of words.entries()) {
    const longer = i === 0 ? word : `${line} ${word}`;
    const room = i === words.length - 1 ? width : width - end.length;
    if ([...longer].length <= room || line.trim() === '') line = longer;
    else {
      lines.push(line + end);
      line = indent + word;
    }
  }
  return [...lines, line].join('\n');
}
