import { isMap, isScalar, isSeq } from 'yaml';
import type { LineCounter, Node as TextNode } from 'yaml';

/** Ends the reading of a text at the line that is wrong; caught in `parsePlacement`. */
export class TextFault extends Error {
  override readonly name = 'TextFault';
  readonly line: number;
  /** A clause without a full stop. */
  readonly why: string;
  constructor(line: number, why: string) {
    super(why);
    this.line = line;
    this.why = why;
  }
}

/**
 * One value of a YAML or JSON text, read by what it has to be. Anchors are never followed, so that no text grows when it
 * is read.
 */
export class TextEntry {
  /** What it is called in messages: `pairs[3].scale`. */
  readonly path: string;
  private readonly node: unknown;
  private readonly lines: LineCounter;
  private readonly fallbackLine: number;

  constructor(node: unknown, path: string, lines: LineCounter, fallbackLine = 1) {
    this.node = node;
    this.path = path;
    this.lines = lines;
    this.fallbackLine = fallbackLine;
  }

  get line(): number {
    const start = (this.node as TextNode | null | undefined)?.range?.[0];
    return start === undefined ? this.fallbackLine : this.lines.linePos(start).line;
  }
  get isMap(): boolean {
    return isMap(this.node);
  }
  get isList(): boolean {
    return isSeq(this.node);
  }
  get isNull(): boolean {
    return isScalar(this.node) && this.node.value === null;
  }
  get isNumber(): boolean {
    return isScalar(this.node) && typeof this.node.value === 'number';
  }

  fault(why: string): TextFault {
    return new TextFault(this.line, `${this.path === '' ? 'the text' : this.path} ${why}`);
  }

  /** The fields of a map that may have these keys only. */
  fields(keys: readonly string[]): ReadonlyMap<string, TextEntry> {
    const fields = this.entries();
    for (const [key, entry] of fields)
      if (!keys.includes(key))
        throw entry.fault(`is no key that is known here; those are ${keys.join(', ')}`);
    return fields;
  }
  /** A map with any keys. */
  entries(): ReadonlyMap<string, TextEntry> {
    if (!isMap(this.node)) throw this.fault('has to be a map');
    const entries = new Map<string, TextEntry>();
    for (const { key, value } of this.node.items) {
      const name = new TextEntry(key, `a key of ${this.path || 'the text'}`, this.lines, this.line);
      const text = name.text();
      const path = this.path === '' ? text : `${this.path}.${text}`;
      const entry = new TextEntry(value, path, this.lines, name.line);
      if (entries.has(text)) throw entry.fault('is given twice');
      entries.set(text, entry);
    }
    return entries;
  }
  list(): readonly TextEntry[] {
    if (!isSeq(this.node)) throw this.fault('has to be a list');
    const line = this.line;
    return this.node.items.map(
      (item, i) => new TextEntry(item, `${this.path}[${String(i)}]`, this.lines, line),
    );
  }
  /** A name; one that looks like a number is taken as it is written. */
  text(): string {
    if (isScalar(this.node)) {
      const { value, source } = this.node;
      if (typeof value === 'string') return value;
      if (typeof value === 'number' && source !== undefined) return source;
    }
    throw this.fault('has to be a name');
  }
  number(): number {
    const value = isScalar(this.node) ? this.node.value : undefined;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw this.fault('has to be a finite number');
  }
  integer(least: number, most: number): number {
    const value = this.number();
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw this.fault(`has to be an integer from ${String(least)} to ${String(most)}`);
  }
  boolean(): boolean {
    const value = isScalar(this.node) ? this.node.value : undefined;
    if (typeof value === 'boolean') return value;
    throw this.fault('has to be true or false');
  }
}
