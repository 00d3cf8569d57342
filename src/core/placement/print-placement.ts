import { Document, isMap, isPair, isScalar, isSeq, visit } from 'yaml';
import { isOutputReader, PLACEMENT_VERSION } from './placement-file.ts';
import type {
  Placement,
  QuantizerSettings,
  StoredDequantizer,
  StoredPair,
  StoredReader,
  StoredScale,
} from './placement-file.ts';

export type PlacementFormat = 'yaml' | 'json';

/** A placement as text; `parsePlacement` reads both formats, and nothing is lost but names of constants that nobody shares. */
export function printPlacement(placement: Placement, format: PlacementFormat): string {
  const plain = new Printer(placement).plain();
  return format === 'yaml' ? yamlText(plain) : jsonText(plain);
}

const HEAD =
  ' Where Q/DQ stand: for each tensor its readers and scales. type is int8 and zeroPoint 0 unless said;\n' +
  ' one scale is for the whole tensor, a list goes along axis. structure finds readers that were renamed.';

function yamlText(plain: Plain): string {
  const document = new Document(plain, { aliasDuplicateObjects: false });
  document.commentBefore = HEAD;
  // Lists of numbers, readers and signatures take a line each, however long.
  visit(document, {
    Collection: (_key, node, path) => {
      // The first levels of the document stay in blocks: lists of pairs, scales and places, and each pair.
      const isEntry = path.length > 3 || isModel(path.at(-1));
      if (isEntry && !isPlacedPair(node) && node.items.every(isLeaf)) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

type Collection = Parameters<typeof isMap>[0];

const isPlacedPair = (node: Collection): boolean => isMap(node) && node.has('tensor');

const isModel = (parent: unknown): boolean =>
  isPair(parent) && isScalar(parent.key) && parent.key.value === 'model';

function isLeaf(item: unknown): boolean {
  const value = item !== null && typeof item === 'object' && 'value' in item ? item.value : item;
  return !isMap(value) && !isSeq(value);
}

/** One pair, scale or signature a line. */
function jsonText({ pairs, scales = {}, structure = {}, ...head }: Plain): string {
  const entries = (all: Readonly<Record<string, unknown>>): string =>
    Object.entries(all)
      .map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`)
      .join(',\n');
  const lines = pairs.map((pair) => `    ${JSON.stringify(pair)}`).join(',\n');
  return [
    '{',
    ...Object.entries(head).map(([key, value]) => `  "${key}": ${JSON.stringify(value)},`),
    `  "scales": {\n${entries(scales)}\n  },`,
    `  "pairs": [\n${lines}\n  ],`,
    `  "structure": {\n${entries(structure)}\n  }`,
    '}\n',
  ].join('\n');
}

interface Plain {
  readonly version: number;
  readonly model: Placement['model'];
  readonly scales?: Readonly<Record<string, unknown>>;
  readonly pairs: readonly Readonly<Record<string, unknown>>[];
  readonly structure?: Readonly<Record<string, readonly string[]>>;
}

/** Turns a placement into plain data, scales that one pair alone reads written where they are read. */
class Printer {
  private readonly placement: Placement;
  private readonly readCounts = new Map<string, number>();

  constructor(placement: Placement) {
    this.placement = placement;
    for (const { settings, dequantizers } of placement.pairs)
      for (const one of [settings, ...dequantizers.map((dequantizer) => dequantizer.settings)])
        if (one) this.readCounts.set(one.scale, (this.readCounts.get(one.scale) ?? 0) + 1);
  }

  plain(): Plain {
    const { model, pairs, scales, structure } = this.placement;
    const shared = [...scales].filter(([name]) => this.isShared(name));
    const places = [...structure].map(([name, { opType, up, down }]) => [name, [opType, up, down]]);
    return {
      version: PLACEMENT_VERSION,
      model,
      ...(shared.length > 0 && {
        scales: Object.fromEntries(shared.map(([name, scale]) => [name, plainScale(scale)])),
      }),
      pairs: pairs.map((pair) => this.pair(pair)),
      ...(places.length > 0 && {
        structure: Object.fromEntries(places) as Record<string, string[]>,
      }),
    };
  }

  private isShared(name: string): boolean {
    return (this.readCounts.get(name) ?? 0) > 1;
  }

  private pair(pair: StoredPair): Readonly<Record<string, unknown>> {
    const { tensor, behind, all, quantize, settings, dequantizers } = pair;
    const [only, ...more] = dequantizers;
    const isSimple = only !== undefined && more.length === 0 && !only.settings;
    return {
      tensor,
      ...(behind !== undefined && { behind }),
      ...(isSimple && { readers: only.readers.map(plainReader) }),
      ...(all && { all }),
      ...this.settings(settings),
      ...(quantize !== undefined && { quantize }),
      ...(isSimple
        ? only.name !== undefined && { dequantize: only.name }
        : { dequantizers: dequantizers.map((one) => this.dequantizer(one)) }),
    };
  }

  private dequantizer({ name, readers, settings }: StoredDequantizer): object {
    return {
      ...(name !== undefined && { name }),
      readers: readers.map(plainReader),
      ...(settings && this.settings(settings)),
    };
  }

  private settings(settings: QuantizerSettings): object {
    const { scale: name, type, zeroPoint, axis, blockSize, ...others } = settings;
    const scale = this.placement.scales.get(name);
    return {
      ...(axis !== undefined && { axis }),
      ...(blockSize !== undefined && { blockSize }),
      scale: scale && !this.isShared(name) ? plainScale(scale) : name,
      ...(type !== 'int8' && { type }),
      ...(zeroPoint !== 0 && { zeroPoint: zeroPoint ?? 'none' }),
      ...others,
    };
  }
}

const plainReader = (reader: StoredReader): object =>
  isOutputReader(reader) ? { output: reader.output } : { node: reader.node, input: reader.input };

/** A number, a list, or a map where neither says it all. */
function plainScale({ numbers, dims, dataType }: StoredScale): unknown {
  const values = numbers.map((number) => shortest(number, dataType));
  if (dataType === 'float32' && dims.length === 0) return values[0];
  if (dataType === 'float32' && dims.length === 1) return values;
  return { values, dims: [...dims], ...(dataType !== 'float32' && { type: dataType }) };
}

/** The double with the fewest digits that rounds to the same float32; also exact for narrower types. */
function shortest(number: number, dataType: string): number {
  if (dataType === 'float64' || Math.fround(number) !== number) return number;
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(number.toPrecision(digits));
    if (Math.fround(short) === number) return short;
  }
  return Number(number.toPrecision(9));
}
