import type { ByteSource } from '../base/byte-source.ts';
import { ByteImage } from './byte-image.ts';
import { BYTES, Fields, HEADER } from './fields.ts';
import { MAX_DEPTH } from './read-node.ts';
import { readSource } from './tensor-bytes.ts';
import { WireError } from './wire-error.ts';

/** Files below this are read whole: then everything is at hand, and nothing is read twice. */
export const WHOLE_FILE_LIMIT = 512 * 1024 * 1024;

/** Whole files are read in steps of this. */
const STEP = 32 * 1024 * 1024;

/** A window starts small, because behind a skipped weight mostly the next weight's short header comes ... */
const FIRST_WINDOW = 512;
/** ... and grows while nothing is skipped. */
const LAST_WINDOW = 512 * 1024;
/** A message up to this size is loaded whole: a tensor of 64 KB with its name and dimensions. */
const SMALL_MESSAGE = 80 * 1024;
/** Weights above this stay in the file. */
const SMALL_DATA = 64 * 1024;
/** Lists of integers, texts and unknown fields are loaded up to this size. */
const SMALL_OTHER = 4 * 1024 * 1024;

type Kind = 'model' | 'graph' | 'node' | 'attribute' | 'tensor' | 'sparse' | 'function';

/** Messages inside messages that may hold weights. */
const NESTED: Readonly<Record<Kind, Readonly<Record<number, Kind>>>> = {
  model: { 7: 'graph', 25: 'function' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse' },
  function: { 7: 'node', 11: 'attribute' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparse', 23: 'sparse' },
  sparse: { 1: 'tensor', 2: 'tensor' },
  tensor: {},
};

export interface LoadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told while a large file is read: always the step `read`, and how much of the file is behind us, from 0 to 1. */
  readonly onProgress?: ((step: string, fraction: number) => void) | undefined;
  /** Bytes from which on a file is opened by windows; for tests. */
  readonly wholeFileLimit?: number | undefined;
}

/** Brings a file into memory: whole if it is small, else without its weights. Throws a WireError. */
export async function loadImage(source: ByteSource, options: LoadOptions): Promise<ByteImage> {
  const image = new ByteImage(source);
  if (source.resident !== undefined) {
    image.add(0, source.resident);
    return image;
  }
  if (source.size < (options.wholeFileLimit ?? WHOLE_FILE_LIMIT)) {
    image.add(0, await readWhole(source, options));
    return image;
  }
  await new WindowLoader(image, options).loadMessage('model', 0, source.size, 0);
  return image;
}

/** Reads a file in steps, so that the user sees them and can stop between them. */
async function readWhole(source: ByteSource, options: LoadOptions): Promise<Uint8Array> {
  const { size } = source;
  if (size <= STEP) return mustRead(source, 0, size, options.signal);
  const whole = new Uint8Array(size);
  for (let at = 0; at < size; at += STEP) {
    whole.set(await mustRead(source, at, Math.min(STEP, size - at), options.signal), at);
    options.onProgress?.('read', Math.min(1, (at + STEP) / size));
  }
  return whole;
}

async function mustRead(
  source: ByteSource,
  offset: number,
  length: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const read = await readSource(source, offset, length, signal);
  if (!read.ok) throw new WireError(read.error);
  return read.value;
}

/** Walks a file with a window that jumps over weights. */
class WindowLoader {
  private readonly image: ByteImage;
  private readonly options: LoadOptions;
  private start = 0;
  private end = 0;
  private window = FIRST_WINDOW;

  constructor(image: ByteImage, options: LoadOptions) {
    this.image = image;
    this.options = options;
  }
  async loadMessage(kind: Kind, from: number, to: number, depth: number): Promise<void> {
    for (let at = from; at < to;) {
      await this.need(at, Math.min(at + HEADER, to));
      const field = new Fields(this.image, at, to, depth === 0);
      field.next();
      const { data, end, number } = field;
      const nested = field.wire === BYTES ? NESTED[kind][number] : undefined;
      if (nested !== undefined && end - data > SMALL_MESSAGE) {
        if (depth < 4 * MAX_DEPTH) await this.loadMessage(nested, data, end, depth + 1);
      } else if (end - data <= (kind === 'tensor' ? SMALL_DATA : SMALL_OTHER))
        await this.need(at, end);
      at = end;
    }
  }
  /** Makes sure that the bytes from `from` to `to` lie in one segment. */
  private async need(from: number, to: number): Promise<void> {
    if (from >= this.start && to <= this.end) return;
    const { source, size } = this.image;
    const skipped = from > this.end;
    this.window = skipped ? FIRST_WINDOW : Math.min(this.window * 4, LAST_WINDOW);
    this.start = from;
    this.end = Math.min(size, from + Math.max(to - from, this.window));
    const bytes = await mustRead(source, from, this.end - from, this.options.signal);
    this.image.add(from, bytes);
    this.options.onProgress?.('read', this.end / size);
  }
}
