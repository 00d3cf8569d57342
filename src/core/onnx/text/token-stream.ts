import { textSyntax } from '../../base/diagnostics.ts';
import { WireError } from '../wire-error.ts';
import { tokenize } from './tokenize.ts';
import type { Token } from './tokenize.ts';

/** The words of a text with a cursor. Mistakes throw a WireError that tells line and column. */
export class TokenStream {
  private readonly text: string;
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor(text: string) {
    this.text = text;
    const { tokens, badOffset } = tokenize(text);
    if (badOffset !== undefined) throw this.mistake('this character starts no word', badOffset);
    this.tokens = tokens;
  }
  /** The word `ahead` words from here. */
  peek(ahead = 0): Token {
    return this.tokens[this.at + ahead] ?? { kind: 'end', text: '', offset: this.text.length };
  }
  take(): Token {
    const token = this.peek();
    this.at++;
    return token;
  }
  /** True when the next word is that sign. */
  sees(sign: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'sign' && token.text === sign;
  }
  /** Takes the sign if it comes next. */
  accept(sign: string): boolean {
    if (!this.sees(sign)) return false;
    this.at++;
    return true;
  }
  expect(sign: string): void {
    if (!this.accept(sign)) throw this.wanted(`"${sign}"`);
  }
  /** A name, quoted or not. */
  name(what: string): string {
    const token = this.peek();
    if (token.kind !== 'name' && token.kind !== 'string') throw this.wanted(what);
    return this.take().text;
  }
  string(): string {
    if (this.peek().kind !== 'string') throw this.wanted('a quoted text');
    return this.take().text;
  }
  integer(): number {
    const token = this.peek();
    const value = token.kind === 'number' ? Number(token.text) : NaN;
    if (!Number.isSafeInteger(value)) throw this.wanted('an integer');
    this.at++;
    return value;
  }
  /** Items between `open` and `close`, with commas between them. */
  list<T>(open: string, close: string, item: () => T): T[] {
    this.expect(open);
    const items: T[] = [];
    if (this.accept(close)) return items;
    do items.push(item());
    while (this.accept(','));
    this.expect(close);
    return items;
  }
  wanted(what: string): WireError {
    const { kind, text } = this.peek();
    return this.mistake(`${what} is wanted, not ${kind === 'end' ? 'the end' : `"${text}"`}`);
  }
  mistake(what: string, offset = this.peek().offset): WireError {
    const before = this.text.slice(0, offset).split('\n');
    return new WireError(textSyntax(what, before.length, (before.at(-1)?.length ?? 0) + 1));
  }
}
