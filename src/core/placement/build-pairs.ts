import { QUANTIZABLE_FLOATS } from '../ir/data-type.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { placementEntryUnmatched } from '../base/diagnostics/placement.ts';
import type { DataType } from '../ir/data-type.ts';
import type { Graph, Node, Value } from '../ir/graph.ts';
import { constantOf } from '../ir/quantizer-nodes.ts';
import { settingsAttributes, SettingsBuilder } from './build-settings.ts';
import type { FoundRead, MatchedPair, PlacementMatch } from './match-placement.ts';
import { pairName } from './pair-name.ts';
import type { Placement, QuantizerSettings } from './placement-file.ts';
import { dropUnused } from './remove-node.ts';

/** Types that stand for quantized numbers: a constant of these needs no Q. */
const QUANTIZED = /^(?:u?int(?:2|4|8|16)|float8.*|float4.*)$/;

/**
 * Makes Q and DQ for matched pairs, in place. A pair behind another comes after it; each node stands right before the
 * first that reads what it makes. Gives the pairs for which there is no place after all.
 */
export function buildPairs(
  graph: Graph,
  { pairs, isSameExport }: Pick<PlacementMatch, 'pairs' | 'isSameExport'>,
  scales: Placement['scales'],
): readonly Diagnostic[] {
  const builder = new PairBuilder(graph, pairs, scales);
  builder.adaptsTypes = !isSameExport;
  for (const matched of pairs) if (!builder.isBehindAnother(matched)) builder.build(matched);
  builder.tellCircles(pairs);
  return builder.unmatched;
}

/** A Q or DQ to be made. */
interface NewNode {
  readonly opType: 'QuantizeLinear' | 'DequantizeLinear';
  readonly name: string;
  readonly output: Value;
  readonly type: DataType;
  /** Whoever will read it. */
  readonly reads: readonly FoundRead[];
}

class PairBuilder {
  readonly unmatched: Diagnostic[] = [];
  /** Scales take the float type of what they quantize, which is another one in an FP16 export. */
  adaptsTypes = false;
  private readonly graph: Graph;
  private readonly settings: SettingsBuilder;
  private readonly followers = new Map<string, MatchedPair[]>();
  private readonly dequantizers = new Set<string>();
  private readonly seen = new Set<MatchedPair>();
  private readonly positions = new Map<Node, number>();
  /** Outputs of the network that a DQ makes now, and the value that their old maker makes instead. */
  private readonly freed = new Map<Value, Value>();

  constructor(graph: Graph, pairs: readonly MatchedPair[], scales: Placement['scales']) {
    this.graph = graph;
    this.settings = new SettingsBuilder(graph, scales);
    for (const matched of pairs) {
      const { behind, dequantizers } = matched.pair;
      for (const { name } of dequantizers) if (name !== undefined) this.dequantizers.add(name);
      if (behind === undefined) continue;
      this.followers.set(behind, [...(this.followers.get(behind) ?? []), matched]);
    }
    let position = 0;
    for (const node of graph.nodes()) this.positions.set(node, position++);
  }

  /** Whether another pair has to be made first; where that one found no place, a pair starts from the tensor itself. */
  isBehindAnother({ pair: { behind } }: MatchedPair): boolean {
    return behind !== undefined && this.dequantizers.has(behind);
  }

  /** Makes a pair on `from`, or on its own value, and all pairs behind it. */
  build(matched: MatchedPair, from?: Value): void {
    const { pair, value } = matched;
    this.seen.add(matched);
    const all = this.readsBehind(matched);
    const source = from ?? this.sourceOf(matched, all);
    if (all.length === 0 || !source) return;
    const uses = all.filter((read) => read !== null);
    const subject = uses.length === all.length ? pairName(source, uses) : source.name;
    const isStored = constantOf(source) && QUANTIZED.test(source.dataType ?? '');
    const type = floatType(source);
    const integers = isStored
      ? source
      : this.add(source, pair.settings, {
          opType: 'QuantizeLinear',
          name: pair.quantize ?? `${subject}_QuantizeLinear`,
          output: this.newValue(`${source.name}_quantized`),
          type: pair.settings.type,
          reads: all,
        });
    for (const [i, { name, settings }] of pair.dequantizers.entries()) {
      const own = matched.reads[i] ?? [];
      const behind = this.followers.get(name ?? '') ?? [];
      const reads = [...own, ...behind.flatMap((next) => this.readsBehind(next))];
      if (reads.length === 0) continue;
      const isOutput = own.includes(null);
      const real = this.add(integers, settings ?? pair.settings, {
        opType: 'DequantizeLinear',
        name: name ?? `${subject}_DequantizeLinear`,
        output: isOutput ? value : this.newValue(`${source.name}_dequantized`),
        type,
        reads,
      });
      for (const read of own) if (read) this.graph.setInput(read.node, read.index, real);
      for (const next of behind) this.build(next, real);
    }
  }

  /** Pairs that were never come to stand behind each other in a circle. */
  tellCircles(pairs: readonly MatchedPair[]): void {
    for (const matched of pairs)
      if (!this.seen.has(matched))
        this.unmatched.push(
          placementEntryUnmatched(matched.pair.tensor, 'it stands behind a pair that is not made'),
        );
  }

  /** Reads of a pair and of all pairs behind it. */
  private readsBehind({ pair, reads }: MatchedPair): readonly FoundRead[] {
    const behind = pair.dequantizers.flatMap(({ name }) => this.followers.get(name ?? '') ?? []);
    return [...reads.flat(), ...behind.flatMap((next) => this.readsBehind(next))];
  }

  /**
   * What the first Q reads. Where an output of the network is to be dequantized, its maker gets a new value, for the DQ
   * has to make the one that carries the output's name.
   */
  private sourceOf({ pair, value }: MatchedPair, all: readonly FoundRead[]): Value | null {
    const known = this.freed.get(value);
    if (known || !all.includes(null)) return known ?? value;
    const { graph } = this;
    const maker = value.producer();
    if (!maker || !value.isGraphOutput || value.uses().some(({ index }) => index < 0)) {
      const why = maker ? 'a subgraph reads the output by name' : 'no node makes the output';
      this.unmatched.push(placementEntryUnmatched(pair.tensor, why));
      return null;
    }
    // Stripping leaves the old name behind, read and made by nobody.
    const old = graph.value(pair.tensor);
    if (old && old !== value) dropUnused(graph, [old]);
    const source = this.newValue(pair.tensor === value.name ? `${value.name}_float` : pair.tensor);
    if (value.dataType) graph.retype(source, value.dataType, value.shape);
    graph.setOutput(maker, maker.outputs.indexOf(value), source);
    graph.replaceAllUses(value, source);
    this.freed.set(value, source);
    return source;
  }

  private newValue(wish: string): Value {
    return this.graph.ensureValue(this.graph.freshName(wish));
  }

  private add(input: Value, settings: QuantizerSettings, node: NewNode): Value {
    const { graph } = this;
    const { output, opType, type, reads } = node;
    const scaleType = this.adaptsTypes ? this.scaleType(input, node) : undefined;
    // An output of the network has its type already.
    if (!output.isGraphOutput) graph.retype(output, type, input.shape);
    graph.addNode(
      {
        name: graph.freshName(node.name),
        opType: `${settings.operators ?? ''}${opType}`,
        ...(settings.domain !== undefined && { domain: settings.domain }),
        inputs: [input, ...this.settings.inputs(settings, scaleType)],
        outputs: [output],
        attributes: settingsAttributes(settings),
      },
      this.firstOf(reads),
    );
    return output;
  }

  private scaleType(input: Value, { opType, type }: NewNode): DataType | undefined {
    const real = opType === 'QuantizeLinear' ? input.dataType : type;
    return QUANTIZABLE_FLOATS.has(real) ? real : undefined;
  }

  private firstOf(reads: readonly FoundRead[]): Node | null {
    let first: Node | null = null;
    const position = (node: Node): number => this.positions.get(node) ?? Infinity;
    for (const read of reads)
      if (read && (first === null || position(read.node) < position(first))) first = read.node;
    return first;
  }
}

const floatType = ({ dataType }: Value): DataType =>
  dataType !== undefined && QUANTIZABLE_FLOATS.has(dataType) ? dataType : 'float32';
