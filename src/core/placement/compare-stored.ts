import { scalesInWords } from './compare-placements.ts';
import type { PlacementDifference } from './compare-placements.ts';
import { isOutputReader } from './placement-file.ts';
import type { Placement, QuantizerSettings, StoredPair } from './placement-file.ts';

/**
 * Where placement `b` quantizes otherwise than `a`, both as data: reads are aligned by the names of reader and input, or of
 * the tensor where no reader is named. In the order of `a`.
 */
export function compareStoredPlacements(
  a: Placement,
  b: Placement,
): readonly PlacementDifference[] {
  const [left, right] = [readsOf(a), readsOf(b)];
  const differences: PlacementDifference[] = [];
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    const [x, y] = [left.get(key), right.get(key)];
    const either = x ?? y;
    if (!either || x?.key === y?.key) continue;
    const { value, reader } = either;
    differences.push({
      kind: x ? (y ? 'scale' : 'removed') : 'added',
      value,
      reader,
      ...(x && { before: x.words }),
      ...(y && { after: y.words }),
    });
  }
  return differences;
}

interface Read {
  readonly value: string;
  readonly reader: string;
  readonly words: string;
  /** Equal where types, axes and all scales are. */
  readonly key: string;
}

function readsOf(placement: Placement): ReadonlyMap<string, Read> {
  const makers = new Map<string, StoredPair>();
  for (const pair of placement.pairs)
    for (const { name } of pair.dequantizers) if (name !== undefined) makers.set(name, pair);
  const reads = new Map<string, Read>();
  for (const pair of placement.pairs) {
    const { words, key } = chainOf(pair, makers, placement);
    const add = (at: string, reader: string): void => {
      reads.set(at, { value: pair.tensor, reader, words, key });
    };
    const readers = pair.dequantizers.flatMap((dequantizer) => dequantizer.readers);
    if (readers.length === 0 && pair.all) add(`all\n${pair.tensor}`, 'whoever');
    for (const reader of readers)
      if (isOutputReader(reader)) add(`\n${reader.output}`, `the output ${reader.output}`);
      else add(`${reader.node}\n${String(reader.input)}`, reader.node);
  }
  return reads;
}

/** The scales from the reader up to the tensor; a circle, which only a file can hold, ends where it closes. */
function chainOf(
  pair: StoredPair,
  makers: ReadonlyMap<string, StoredPair>,
  placement: Placement,
): { readonly words: string; readonly key: string } {
  const chain = new Set<StoredPair>();
  for (let next: StoredPair | undefined = pair; next && !chain.has(next);) {
    chain.add(next);
    next = makers.get(next.behind ?? '');
  }
  const numbers = ({ scale }: QuantizerSettings): readonly number[] =>
    placement.scales.get(scale)?.numbers ?? [];
  const all = [...chain].map(({ settings }) => settings);
  return {
    words: all.map((settings) => scalesInWords(numbers(settings))).join(', then '),
    key: JSON.stringify(all.map((one) => [numbers(one), one.type, one.axis, one.blockSize])),
  };
}
