/** One word of textual ONNX. */
export interface Token {
  /** `end` stands once, behind the last token. */
  readonly kind: 'name' | 'number' | 'string' | 'sign' | 'end';
  /** The word; for strings what it stands for, without quotes and escapes. */
  readonly text: string;
  readonly offset: number;
}

const WORD =
  /(?<skip>[\s]+|#[^\n]*)|(?<name>[A-Za-z_]\w*)|(?<number>[-+]?(?:inf\b|nan\b|\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?))|(?<string>"(?:[^"\\\n]|\\.)*")|(?<sign>=>|\.\.\.|[<>()[\]{},:=.?])/y;

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

const unquote = (text: string): string =>
  text.slice(1, -1).replace(/\\(.)/g, (_, c: string) => ESCAPES[c] ?? c);

/** A string literal that `tokenize` reads back as `text`. */
export const quote = (text: string): string =>
  `"${text.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n').replace(/\t/g, '\\t').replace(/\r/g, '\\r')}"`;

/** Splits a text into words; the offset of the first character that starts none in case of a mistake. */
export function tokenize(text: string): { tokens: Token[]; badOffset: number | undefined } {
  const tokens: Token[] = [];
  const word = new RegExp(WORD);
  let offset = 0;
  while (offset < text.length) {
    word.lastIndex = offset;
    const match = word.exec(text);
    if (match === null) return { tokens, badOffset: offset };
    const { skip, name, number, string } = match.groups ?? {};
    const [found] = match;
    if (skip === undefined) {
      const kind = name ? 'name' : number ? 'number' : string ? 'string' : 'sign';
      tokens.push({ kind, text: kind === 'string' ? unquote(found) : found, offset });
    }
    offset += found.length;
  }
  tokens.push({ kind: 'end', text: '', offset });
  return { tokens, badOffset: undefined };
}
