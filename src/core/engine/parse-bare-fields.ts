import type { JsonObject } from './json-fields.ts';

/**
 * Reads `Name: a, LayerType: kgen, Inputs: [ { Name: x, Dimensions: [1,40], Format/Datatype: Int32 } ], …`: the inspector's
 * JSON without quotes, on one line. Values without brackets go on to the next `, Key: `, so that names may have commas.
 * Null where the brackets do not close.
 */
export function parseBareFields(line: string): JsonObject | null {
  const reader = new BareReader(line);
  const fields = reader.fields('');
  return reader.failed ? null : fields;
}

const KEY = /^([A-Za-z][\w/]*): ?/;
const NEXT_KEY = /, [A-Z][\w/]*: /g;

class BareReader {
  failed = false;
  private at = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** Fields up to `close`, or to the end of the text where that is empty. */
  fields(close: string): JsonObject {
    const found: Record<string, unknown> = {};
    for (;;) {
      this.skip();
      if (this.ends(close)) return found;
      const key = KEY.exec(this.text.slice(this.at, this.at + 80));
      if (!key) return this.fail(found);
      this.at += key[0].length;
      found[key[1] ?? ''] = this.value(close);
    }
  }

  private value(close: string): unknown {
    const opens = this.text[this.at];
    if (opens === '{') return this.nested(() => this.fields('}'));
    if (opens === '[' && !this.text.startsWith('[ONNX Layer', this.at))
      return this.nested(() => this.list());
    return scalar(this.take(this.endOfScalar(close)));
  }

  private list(): unknown[] {
    const items: unknown[] = [];
    for (;;) {
      this.skip();
      if (this.ends(']')) return items;
      if (this.text[this.at] === '{') items.push(this.nested(() => this.fields('}')));
      else items.push(scalar(this.take(this.indexOfAny(/[,\]]/g))));
      if (this.failed) return items;
    }
  }

  private nested<T>(read: () => T): T {
    this.at++;
    return read();
  }

  /** Consumes the end: of the text, or a closing bracket. A text that ends before it has failed. */
  private ends(close: string): boolean {
    if (this.failed) return true;
    if (this.at >= this.text.length) {
      this.failed = close !== '';
      return true;
    }
    if (close === '' || this.text[this.at] !== close) return false;
    this.at++;
    return true;
  }

  private endOfScalar(close: string): number {
    const next = this.indexOfAny(NEXT_KEY);
    if (close === '') return next;
    const closing = this.text.indexOf(` ${close}`, this.at);
    const tight = this.text.indexOf(close, this.at);
    const end = closing >= 0 ? closing : tight;
    return end < 0 ? next : Math.min(next, end);
  }

  private indexOfAny(pattern: RegExp): number {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text)?.index ?? this.text.length;
  }

  private take(end: number): string {
    const taken = this.text.slice(this.at, end).trim();
    this.at = end;
    return taken;
  }

  private skip(): void {
    while (this.at < this.text.length && ' ,\t'.includes(this.text[this.at] ?? '')) this.at++;
  }

  private fail<T>(value: T): T {
    this.failed = true;
    return value;
  }
}

const scalar = (text: string): unknown => {
  const number = Number(text);
  return /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text) && Number.isFinite(number) ? number : text;
};
