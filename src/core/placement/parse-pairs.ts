import { DATA_TYPES } from '../ir/data-type.ts';
import type { DataType } from '../ir/data-type.ts';
import { elementCount } from '../ir/tensor.ts';
import type {
  QuantizerSettings,
  StoredDequantizer,
  StoredPair,
  StoredReader,
  StoredScale,
} from './placement-file.ts';
import type { TextEntry } from './text-entry.ts';

const SETTINGS = [
  'axis',
  'blockSize',
  'scale',
  'type',
  'zeroPoint',
  'attributes',
  'operators',
  'domain',
] as const;
const PAIR = [
  'tensor',
  'behind',
  'readers',
  'all',
  ...SETTINGS,
  'quantize',
  'dequantize',
  'dequantizers',
] as const;
const QUANTIZED_TYPES = /^(?:u?int(?:2|4|8|16|32)|float8.*|float4.*)$/;
const SCALE_TYPES = /^(?:float(?:16|32|64)|bfloat16|float8.*)$/;
const MOST = 2 ** 31;

type Fields = ReadonlyMap<string, TextEntry>;

/** Reads the pairs of a placement, and gathers their scales. Throws a `TextFault` at what is wrong. */
export class PairsParser {
  readonly scales = new Map<string, StoredScale>();
  private readonly names = new Set<string>();

  /** A scale that several pairs name. */
  addScale(name: string, entry: TextEntry): void {
    this.scales.set(name, readScale(entry));
  }

  pair(entry: TextEntry): StoredPair {
    const fields = entry.fields(PAIR);
    const tensor = fields.get('tensor')?.text();
    if (tensor === undefined) throw entry.fault('names no tensor');
    const settings = this.settings(entry, fields, tensor);
    const behind = fields.get('behind')?.text();
    const quantize = fields.get('quantize');
    const dequantizers = this.dequantizers(entry, fields, tensor);
    const readers = fields.get('readers');
    return {
      tensor,
      ...(behind !== undefined && { behind }),
      ...(quantize && { quantize: quantize.isNull ? null : quantize.text() }),
      settings,
      // `readers: all` says it shorter where a placement is written by hand.
      all: (fields.get('all')?.boolean() ?? false) || (readers !== undefined && isAll(readers)),
      dequantizers,
    };
  }

  private dequantizers(
    entry: TextEntry,
    fields: Fields,
    tensor: string,
  ): readonly StoredDequantizer[] {
    const several = fields.get('dequantizers');
    const readers = fields.get('readers');
    const name = fields.get('dequantize');
    if (!several) {
      if (!readers) throw entry.fault('names no readers');
      return [{ ...(name && { name: this.newName(name) }), readers: readersOf(readers) }];
    }
    if (readers || name) throw several.fault('stands in place of readers and dequantize');
    return several.list().map((one) => {
      const own = one.fields(['name', 'readers', ...SETTINGS]);
      const [ownName, ownReaders] = [own.get('name'), own.get('readers')];
      if (!ownReaders) throw one.fault('names no readers');
      return {
        ...(ownName && { name: this.newName(ownName) }),
        readers: readersOf(ownReaders),
        ...(own.has('scale') && { settings: this.settings(one, own, tensor) }),
      };
    });
  }

  /** Pairs are put behind each other by these names. */
  private newName(entry: TextEntry): string {
    const name = entry.text();
    if (this.names.has(name)) throw entry.fault(`gives ${name} a second time`);
    this.names.add(name);
    return name;
  }

  private settings(entry: TextEntry, fields: Fields, tensor: string): QuantizerSettings {
    const scale = this.scale(entry, fields.get('scale'), tensor);
    const type = typeOf(fields.get('type'), QUANTIZED_TYPES) ?? 'int8';
    const count = this.scales.get(scale)?.numbers.length ?? 1;
    const axis = fields.get('axis')?.integer(-64, 63);
    const blockSize = fields.get('blockSize')?.integer(0, MOST);
    const [operators, domain] = [fields.get('operators')?.text(), fields.get('domain')?.text()];
    const attributes = fields.get('attributes')?.entries();
    return {
      scale,
      type,
      zeroPoint: zeroPointOf(fields.get('zeroPoint'), type, count),
      ...(axis !== undefined && { axis }),
      ...(blockSize !== undefined && { blockSize }),
      ...(attributes && { attributes: integersOf(attributes) }),
      ...(operators !== undefined && { operators }),
      ...(domain !== undefined && { domain }),
    };
  }

  private scale(entry: TextEntry, scale: TextEntry | undefined, tensor: string): string {
    if (!scale) throw entry.fault('has no scale');
    if (!scale.isNumber && !scale.isList && !scale.isMap) {
      const name = scale.text();
      if (!this.scales.has(name)) throw scale.fault(`names ${name}, which is not among scales`);
      return name;
    }
    let name = `${tensor}_scale`;
    for (let i = 2; this.scales.has(name); i++) name = `${tensor}_scale_${String(i)}`;
    this.scales.set(name, readScale(scale));
    return name;
  }
}

const isAll = (readers: TextEntry): boolean =>
  !readers.isList && !readers.isMap && readers.text() === 'all';

const readersOf = (entry: TextEntry): readonly StoredReader[] =>
  isAll(entry) ? [] : entry.list().map(readerOf);

function readerOf(entry: TextEntry): StoredReader {
  const fields = entry.fields(['node', 'input', 'output']);
  const [node, input, output] = ['node', 'input', 'output'].map((key) => fields.get(key));
  if (output && !node && !input) return { output: output.text() };
  if (!node || !input || output) throw entry.fault('has to name a node and an input, or an output');
  return { node: node.text(), input: input.integer(0, MOST) };
}

function readScale(entry: TextEntry): StoredScale {
  if (entry.isNumber)
    return { numbers: [Math.fround(entry.number())], dims: [], dataType: 'float32' };
  const fields = entry.isMap ? entry.fields(['values', 'dims', 'type']) : undefined;
  const values = fields ? fields.get('values') : entry;
  if (!values) throw entry.fault('has no values');
  const dataType = typeOf(fields?.get('type'), SCALE_TYPES) ?? 'float32';
  const round = dataType === 'float64' ? (number: number) => number : Math.fround;
  const numbers = values.list().map((number) => round(number.number()));
  const dims = fields
    ?.get('dims')
    ?.list()
    .map((dim) => dim.integer(0, MOST)) ?? [numbers.length];
  if (numbers.length === 0) throw values.fault('is empty');
  if (elementCount(dims) !== numbers.length)
    throw entry.fault(`has ${String(numbers.length)} values, which do not fill its dims`);
  return { numbers, dims, dataType };
}

function typeOf(entry: TextEntry | undefined, allowed: RegExp): DataType | undefined {
  if (!entry) return undefined;
  const text = entry.text();
  const type = DATA_TYPES.find((known) => known === text);
  if (!type || !allowed.test(type)) throw entry.fault(`cannot be ${text}`);
  return type;
}

function zeroPointOf(
  entry: TextEntry | undefined,
  type: DataType,
  count: number,
): QuantizerSettings['zeroPoint'] {
  if (!entry) return 0;
  const [least, most] = rangeOf(type);
  if (entry.isNumber) return entry.integer(least, most);
  if (entry.isList) {
    const points = entry.list().map((point) => point.integer(least, most));
    if (points.length === count) return points;
    throw entry.fault(`has ${String(points.length)} numbers for ${String(count)} scales`);
  }
  if (entry.text() === 'none') return null;
  throw entry.fault('has to be a number, a list of numbers or none');
}

/** What an integer of the type can be; small floats have zero points of 0 only. */
function rangeOf(type: DataType): readonly [number, number] {
  const [, unsigned, bits] = /^(u?)int(\d+)$/.exec(type) ?? [];
  if (bits === undefined) return [0, 0];
  const half = 2 ** (Number(bits) - 1);
  return unsigned === 'u' ? [0, 2 * half - 1] : [-half, half - 1];
}

function integersOf(fields: Fields): Record<string, number> {
  const integers: [string, number][] = [];
  for (const [name, entry] of fields) integers.push([name, entry.integer(-MOST, MOST)]);
  // Not by assignment: a key may be called __proto__.
  return Object.fromEntries(integers);
}
