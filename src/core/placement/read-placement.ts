import type { Diagnostic } from '../base/diagnostic.ts';
import { quantizerNotStored } from '../base/diagnostics/placement.ts';
import { ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { Graph, Node, Value } from '../ir/graph.ts';
import type { Model } from '../ir/model.ts';
import {
  constantOf,
  dequantizersOf,
  isDequantizeNode,
  isQuantizeNode,
  isQuantizer,
  quantizeOf,
} from '../ir/quantizer-nodes.ts';
import { isOutputReader } from './placement-file.ts';
import type {
  Placement,
  QuantizerSettings,
  StoredDequantizer,
  StoredPair,
  StoredReader,
  StoredScale,
} from './placement-file.ts';
import { readSettings, sameSettings } from './read-settings.ts';
import type { SettingsRead } from './read-settings.ts';
import { fingerprintOf, signaturesOf } from './structure-signature.ts';
import type { NodeSignature } from './structure-signature.ts';

/** The placement of a model, and what of it cannot be told as data. */
export interface PlacementReading {
  readonly placement: Placement;
  readonly notes: readonly Diagnostic[];
}

/** Reads where Q/DQ stand in `model`. Fails only where the bytes of a scale cannot be read. */
export async function readPlacement(
  model: Model,
  signal?: AbortSignal,
): Promise<Result<PlacementReading>> {
  const { graph } = model;
  const reader = new PlacementReader(signal);
  for (const node of graph.nodes()) {
    const isPair = isQuantizeNode(node);
    if (!isPair && (!isDequantizeNode(node) || quantizeOf(node))) continue;
    const read = await reader.pair(isPair ? node : null, isPair ? dequantizersOf(node) : [node]);
    if (!read.ok) return read;
  }
  const { pairs, scales, notes } = reader;
  const placement: Placement = {
    model: { name: graph.name, ...fingerprintOf(graph) },
    scales,
    pairs,
    structure: structureOf(graph, pairs),
  };
  return ok({ placement, notes });
}

class PlacementReader {
  readonly pairs: StoredPair[] = [];
  readonly scales = new Map<string, StoredScale>();
  readonly notes: Diagnostic[] = [];
  private readonly signal: AbortSignal | undefined;

  constructor(signal: AbortSignal | undefined) {
    this.signal = signal;
  }

  /** Takes down a Q with its DQs, or a DQ alone; what cannot be told goes to the notes. */
  async pair(quantize: Node | null, dequantizers: readonly Node[]): Promise<Result<null>> {
    const first = quantize ?? dequantizers[0];
    const source = first?.inputs[0];
    if (!first || !source) return ok(null);
    const refusal = whyNotStored(quantize, dequantizers, source);
    if (refusal !== null) {
      this.notes.push(quantizerNotStored(first.name, refusal));
      return ok(null);
    }
    const read = await readSettings(first, this.signal);
    if (!read.ok) return read;
    const settings = this.keep(read.value);
    const stored: StoredDequantizer[] = [];
    for (const node of dequantizers) {
      const own = await readSettings(node, this.signal);
      if (!own.ok) return own;
      const differs = !sameSettings(own.value, read.value);
      const readers = node.outputs.flatMap((value) => readersOf(value));
      stored.push({ name: node.name, readers, ...(differs && { settings: this.keep(own.value) }) });
    }
    const { tensor, behind } = rootOf(source);
    this.pairs.push({
      tensor: tensor.name,
      ...(behind && { behind: behind.name }),
      quantize: quantize?.name ?? null,
      settings,
      all: !behind && stored.length === 1 && source.uses().every(({ node }) => node === first),
      dequantizers: stored,
    });
    return ok(null);
  }

  private keep({ settings, scale }: SettingsRead): QuantizerSettings {
    this.scales.set(settings.scale, scale);
    return settings;
  }
}

/** A clause where Q/DQ are used in a way that cannot be made anew from data; else null. */
function whyNotStored(
  quantize: Node | null,
  dequantizers: readonly Node[],
  source: Value,
): string | null {
  if (!quantize && !constantOf(source)) return 'it dequantizes integers that other nodes compute';
  const integers = quantize?.outputs[0];
  if (integers && (integers.isGraphOutput || integers.useCount !== dequantizers.length))
    return 'not only DequantizeLinear nodes read it';
  if (dequantizers.length === 0) return 'nobody reads it';
  const all = quantize ? [quantize, ...dequantizers] : dequantizers;
  if (all.some((node) => !constantOf(node.inputs[1])))
    return 'its scale is computed when the network runs';
  if (all.some((node) => node.inputs[2] && !constantOf(node.inputs[2])))
    return 'its zero point is computed when the network runs';
  const isCaptured = all.some((node) =>
    node.outputs.some((value) => value.uses().some(({ index }) => index < 0)),
  );
  return isCaptured ? 'a subgraph reads it by name' : null;
}

/** Nodes and outputs of the network that read a value; Qs that follow are pairs of their own. */
function readersOf(value: Value): StoredReader[] {
  const readers: StoredReader[] = value
    .uses()
    .filter(({ node }) => !isQuantizer(node))
    .map(({ node, index }) => ({ node: node.name, input: index }));
  if (value.isGraphOutput) readers.push({ output: value.name });
  return readers;
}

/** The value before all Q/DQ, and the DQ right before `source`, if one is. */
function rootOf(source: Value): { readonly tensor: Value; readonly behind: Node | null } {
  const maker = source.producer();
  const behind = isDequantizeNode(maker) ? maker : null;
  let tensor = source;
  for (let node = source.producer(); node && isQuantizer(node); node = tensor.producer()) {
    const [input] = node.inputs;
    if (!input) break;
    tensor = input;
  }
  return { tensor, behind };
}

function structureOf(graph: Graph, pairs: readonly StoredPair[]): Placement['structure'] {
  const signatures = signaturesOf(graph);
  const structure = new Map<string, NodeSignature>();
  for (const { dequantizers } of pairs)
    for (const reader of dequantizers.flatMap(({ readers }) => readers)) {
      const node = isOutputReader(reader) ? undefined : graph.node(reader.node);
      const signature = node && signatures.get(node);
      if (node && signature) structure.set(node.name, signature);
    }
  return structure;
}
