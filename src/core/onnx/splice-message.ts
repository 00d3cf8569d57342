import type { ByteSource } from '../base/byte-source.ts';
import { Rope } from './rope.ts';

/** Where a field stands in the file, its tag included. */
export interface FieldSpan {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

/** One field to be written. */
export interface Item {
  /** The field of the file that it replaces or repeats; null for a new one. */
  readonly original: FieldSpan | null;
  /** The whole field with its tag; null to copy the original. */
  readonly content: Rope | null;
}

/** What is to stand in a message in place of all fields with one number. */
export type Groups = ReadonlyMap<number, readonly Item[]>;

/** A message as it stands in a file; no source for one that is made from nothing. */
export interface OriginalMessage {
  readonly source: ByteSource | null;
  readonly fields: readonly FieldSpan[];
}

export const NO_MESSAGE: OriginalMessage = { source: null, fields: [] };

/**
 * Writes a message anew: fields in `groups` as told there, all others, known or not, copied. Every field stays at its
 * place; new ones come right before the next one of the same number that stays, or behind the last; fields of a number
 * that did not occur come before the first higher number, as protobuf writers order them.
 */
export function spliceMessage({ source, fields }: OriginalMessage, groups: Groups): Rope {
  const rope = new Rope();
  const writers = new Map<number, GroupWriter>();
  for (const [number, items] of groups)
    writers.set(number, new GroupWriter(number, items, fields, source));
  const pending = [...writers.values()]
    .filter((writer) => writer.fieldsLeft === 0)
    .sort((a, b) => a.number - b.number);
  for (const field of fields) {
    for (let next; (next = pending[0]) !== undefined && next.number < field.number; pending.shift())
      next.writeRest(rope);
    const writer = writers.get(field.number);
    if (writer) writer.take(field, rope);
    else if (source) rope.add({ source, start: field.start, end: field.end });
  }
  for (const writer of pending) writer.writeRest(rope);
  return rope;
}

/** Writes the items of one field number while the fields of the file pass by. */
class GroupWriter {
  readonly number: number;
  fieldsLeft = 0;
  private readonly items: readonly Item[];
  private readonly source: ByteSource | null;
  private readonly places = new Map<number, number>();
  private readonly keepsOrder: boolean;
  private cursor = 0;

  constructor(
    number: number,
    items: readonly Item[],
    fields: readonly FieldSpan[],
    source: ByteSource | null,
  ) {
    this.number = number;
    this.items = items;
    this.source = source;
    for (const field of fields) if (field.number === number) this.fieldsLeft++;
    let latest = -1;
    let keepsOrder = true;
    items.forEach(({ original }, index) => {
      if (original === null) return;
      keepsOrder &&= original.start > latest;
      latest = original.start;
      this.places.set(original.start, index);
    });
    this.keepsOrder = keepsOrder;
  }
  /** The field of the file `field` passes by. */
  take(field: FieldSpan, rope: Rope): void {
    this.fieldsLeft--;
    const place = this.places.get(field.start);
    if (!this.keepsOrder || this.fieldsLeft === 0) this.writeRest(rope);
    else if (place !== undefined) this.writeTo(place + 1, rope);
  }
  writeRest(rope: Rope): void {
    this.writeTo(this.items.length, rope);
  }
  private writeTo(end: number, rope: Rope): void {
    for (; this.cursor < end; this.cursor++) {
      const item = this.items[this.cursor];
      if (item?.content) rope.add(...item.content.chunks);
      else if (item?.original && this.source) {
        const { start, end: stop } = item.original;
        rope.add({ source: this.source, start, end: stop });
      }
    }
  }
}
