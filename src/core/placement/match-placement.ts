import type { Diagnostic } from '../base/diagnostic.ts';
import { placementEntryUnmatched } from '../base/diagnostics/placement.ts';
import type { Graph, Node, Use, Value } from '../ir/graph.ts';
import { isQuantizer } from '../ir/quantizer-nodes.ts';
import { NodeFinder } from './find-readers.ts';
import type { Reader } from './placement-edit.ts';
import { isOutputReader, readerText } from './placement-file.ts';
import type { Placement, StoredPair, StoredReader, StoredScale } from './placement-file.ts';

/** A pair of a placement with its place in a model. */
export interface MatchedPair {
  readonly pair: StoredPair;
  /** The value before all Q/DQ. */
  readonly value: Value;
  /** For each DQ the reads that it will feed. */
  readonly reads: readonly (readonly FoundRead[])[];
  /** `name`: tensor and readers; `reader`: the tensor is called otherwise; `structure`: so is a reader. */
  readonly by: 'name' | 'reader' | 'structure';
}

/** A read of a value by a node; no node for an output of the network. */
export type FoundRead = Use | null;

/** What was found, and what was not. */
export interface PlacementMatch {
  readonly pairs: readonly MatchedPair[];
  readonly unmatched: readonly Diagnostic[];
  readonly isSameExport: boolean;
}

/** Finds the place of each pair of a placement in a graph, Q/DQ that stand there looked through. */
export function matchPlacement(graph: Graph, placement: Placement): PlacementMatch {
  const finder = new NodeFinder(graph, placement);
  const unmatched: Diagnostic[] = [];
  const pairs: MatchedPair[] = [];
  const matcher = new PairMatcher(graph, finder, unmatched);
  for (const pair of placement.pairs) {
    const matched = matcher.match(pair, placement);
    if (matched) pairs.push(matched);
  }
  return { pairs: withOthers(pairs), unmatched, isSameExport: finder.isSameExport };
}

interface Candidate {
  readonly value: Value;
  readonly read: FoundRead;
  readonly by: 'name' | 'structure';
}

class PairMatcher {
  private readonly graph: Graph;
  private readonly finder: NodeFinder;
  private readonly unmatched: Diagnostic[];
  /** Reads that have their pair: inputs by node. */
  private readonly taken = new Map<Node, Set<number>>();

  constructor(graph: Graph, finder: NodeFinder, unmatched: Diagnostic[]) {
    this.graph = graph;
    this.finder = finder;
    this.unmatched = unmatched;
  }

  match(pair: StoredPair, { scales }: Placement): MatchedPair | null {
    const found = pair.dequantizers.map(({ readers }) =>
      readers.flatMap((reader) => this.candidate(pair, reader) ?? []),
    );
    const value = this.valueOf(pair, found.flat());
    if (!value) return null;
    const misfit = whyUnfit(value, pair, scales.get(pair.settings.scale));
    if (misfit !== null) {
      this.unmatched.push(placementEntryUnmatched(pair.tensor, misfit));
      return null;
    }
    const reads = found.map((candidates) => this.readsOf(pair, value, candidates));
    const isStructural = found.flat().some(({ by }) => by === 'structure');
    const by = isStructural ? 'structure' : value.name === pair.tensor ? 'name' : 'reader';
    return { pair, value, reads, by };
  }

  /** The one value that the pair is on: that of its name if a reader reads it, else what the readers read. */
  private valueOf(pair: StoredPair, candidates: readonly Candidate[]): Value | null {
    const named = this.graph.value(pair.tensor);
    const values = new Set(candidates.map(({ value }) => value));
    if (named && values.has(named)) return named;
    const [first] = values;
    if (first) return first;
    const hasNoReader = pair.dequantizers.every(({ readers }) => readers.length === 0);
    if (named && hasNoReader) return named;
    if (hasNoReader)
      this.unmatched.push(
        placementEntryUnmatched(pair.tensor, 'there is no such value, and no reader is named'),
      );
    return null;
  }

  private readsOf(
    pair: StoredPair,
    value: Value,
    candidates: readonly Candidate[],
  ): readonly FoundRead[] {
    return candidates.flatMap((candidate) => {
      if (candidate.value === value) return [candidate.read];
      const why = `it reads ${candidate.value.name}, unlike the others`;
      const reader = candidate.read?.node.name ?? `the output ${candidate.value.name}`;
      this.unmatched.push(placementEntryUnmatched(pair.tensor, why, reader));
      return [];
    });
  }

  private candidate(pair: StoredPair, reader: StoredReader): Candidate | null {
    const found = isOutputReader(reader)
      ? this.output(reader.output)
      : this.read(reader, pair.tensor);
    if (typeof found !== 'string') return found;
    this.unmatched.push(placementEntryUnmatched(pair.tensor, found, readerText(reader)));
    return null;
  }

  private output(name: string): Candidate | string {
    const { outputs } = this.graph;
    const output =
      outputs.find((value) => value.name === name) ??
      (outputs.length === 1 ? outputs[0] : undefined);
    if (!output) return `the network has no output ${name}`;
    return { value: rootOf(output), read: null, by: output.name === name ? 'name' : 'structure' };
  }

  private read({ node: name, input }: Reader, tensor: string): Candidate | string {
    const found = this.finder.find(name);
    if (typeof found === 'string') return found;
    const value = found.node.inputs[input];
    if (!value) return `${found.node.name} has no input ${input}`;
    const root = rootOf(value);
    if (found.isElsewhere && root.name !== tensor)
      return `${name} stands elsewhere in this network and reads ${root.name}`;
    const taken = this.taken.get(found.node) ?? new Set();
    if (taken.has(input)) return `another pair is there for input ${input} of ${found.node.name}`;
    this.taken.set(found.node, taken.add(input));
    return { value: root, read: { node: found.node, index: input }, by: found.by };
  }
}

/** A clause where the scales cannot be those of the value. */
function whyUnfit(
  value: Value,
  { settings }: StoredPair,
  scale: StoredScale | undefined,
): string | null {
  if (!scale) return `there are no scales ${settings.scale}`;
  const count = scale.numbers.length;
  const { shape } = value;
  if (count === 1 || settings.blockSize !== undefined || !shape) return null;
  const axis = settings.axis ?? 1;
  const dim = shape[axis < 0 ? axis + shape.length : axis];
  if (dim === undefined) return `${value.name} has no axis ${axis}`;
  return typeof dim === 'number' && dim !== count
    ? `there are ${count} scales, but ${value.name} has ${dim} elements along axis ${axis}`
    : null;
}

/** Gives pairs that are for all readers those that no other pair claims. */
function withOthers(pairs: readonly MatchedPair[]): readonly MatchedPair[] {
  const claimed = new Map<Node, Set<number>>();
  const claim = (read: FoundRead): void => {
    if (!read) return;
    const inputs = claimed.get(read.node) ?? new Set();
    claimed.set(read.node, inputs.add(read.index));
  };
  for (const { reads } of pairs) reads.flat().forEach(claim);
  return pairs.map((matched) => {
    const [only, ...more] = matched.reads;
    if (!matched.pair.all || !only || more.length > 0) return matched;
    const others = matched.value
      .uses()
      .filter(
        ({ node, index }) => index >= 0 && !isQuantizer(node) && !claimed.get(node)?.has(index),
      );
    others.forEach(claim);
    return others.length === 0 ? matched : { ...matched, reads: [[...only, ...others]] };
  });
}

function rootOf(read: Value): Value {
  let value = read;
  for (let maker = value.producer(); maker && isQuantizer(maker); maker = value.producer()) {
    const [source] = maker.inputs;
    if (!source) break;
    value = source;
  }
  return value;
}
