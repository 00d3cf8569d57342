import type { PredictedEngine, PredictedLayer } from '../sim/predicted-engine.ts';
import { layerBytes } from './engine-cost.ts';
import type { DifferenceKind, EngineDifference, LayerRef } from './engine-difference.ts';
import { typeGiven, typeTaken, typeWord } from './low-types.ts';

/**
 * What differs from engine `a` to engine `b` of (nearly) the same network: layers are aligned by the ONNX nodes that they
 * run, Q/DQ left out; reformats and Q/DQ layers by what they stand before or stem from. In the order of `a`, and empty
 * exactly where the same nodes run in the same layers with the same types.
 */
export function diffEngines(a: PredictedEngine, b: PredictedEngine): readonly EngineDifference[] {
  const quantizers = new Set([...quantizersOf(a), ...quantizersOf(b)]);
  const [left, right] = [new Side(a, quantizers), new Side(b, quantizers)];
  return [
    ...diffGroups(left, right),
    ...diffExtras(left.extras('qdq'), right.extras('qdq'), 'qdq'),
    ...diffExtras(left.extras('reformat'), right.extras('reformat'), 'reformat'),
  ];
}

/** The builder folds the scale of every Q and DQ first: that pass names them all. */
function* quantizersOf(engine: PredictedEngine): Generator<string> {
  for (const event of engine.trace)
    if (event.ruleId === 'const-qdq-initializers-fusion') yield* [event.node, ...event.nodes];
}

/** One engine, seen by the ONNX nodes that its layers run. */
class Side {
  readonly groups = new Map<string, PredictedLayer[]>();
  readonly nodesOf = new Map<PredictedLayer, readonly string[]>();
  private readonly engine: PredictedEngine;

  constructor(engine: PredictedEngine, quantizers: ReadonlySet<string>) {
    this.engine = engine;
    for (const layer of engine.layers) {
      if (layer.role === 'qdq' || layer.role === 'reformat' || layer.role === 'constant') continue;
      const nodes = layer.nodes.filter((node) => !quantizers.has(node));
      this.nodesOf.set(layer, nodes);
      for (const node of nodes) {
        const group = this.groups.get(node);
        if (group) group.push(layer);
        else this.groups.set(node, [layer]);
      }
    }
  }
  /** Layers of a role that nobody asked for, by what they stem from. */
  extras(role: 'qdq' | 'reformat'): Map<string, PredictedLayer[]> {
    const found = new Map<string, PredictedLayer[]>();
    for (const layer of this.engine.layers) {
      if (layer.role !== role) continue;
      const key = extraNodes(layer).join('\n');
      const same = found.get(key);
      if (same) same.push(layer);
      else found.set(key, [layer]);
    }
    return found;
  }
}

/** A reformat runs no node of its own: its note names the layer that needs it. */
const extraNodes = (layer: PredictedLayer): readonly string[] =>
  layer.nodes.length > 0 ? layer.nodes : (layer.notes[0]?.nodes ?? [layer.name]);

function diffGroups(a: Side, b: Side): EngineDifference[] {
  const differences: EngineDifference[] = [];
  const done = new Set<string>();
  for (const start of [...a.groups.keys(), ...b.groups.keys()]) {
    if (done.has(start)) continue;
    const nodes = connected(start, a, b);
    for (const node of nodes) done.add(node);
    const before = layersOf(a, nodes);
    const after = layersOf(b, nodes);
    const kind = kindOf(before, after);
    if (kind) differences.push(difference(kind, nodes, before, after));
  }
  return differences;
}

/** All nodes that share a layer with `start` in one of the engines, and so on. */
function connected(start: string, a: Side, b: Side): readonly string[] {
  const found = new Set([start]);
  for (const node of found)
    for (const side of [a, b])
      for (const layer of side.groups.get(node) ?? [])
        for (const other of side.nodesOf.get(layer) ?? []) found.add(other);
  return [...found];
}

const layersOf = (side: Side, nodes: readonly string[]): readonly PredictedLayer[] =>
  [...new Set(nodes.flatMap((node) => side.groups.get(node) ?? []))].sort(
    (x, y) => x.index - y.index,
  );

function kindOf(
  before: readonly PredictedLayer[],
  after: readonly PredictedLayer[],
): DifferenceKind | null {
  if (before.length === 0) return 'layer-gained';
  if (after.length === 0) return 'layer-lost';
  if (before.length < after.length) return 'split';
  if (before.length > after.length) return 'merged';
  if (before.length > 1 && before.some((layer, i) => !sameNodes(layer, after[i])))
    return 'regrouped';
  const changed = before.some((layer, i) => types(layer) !== types(after[i]));
  return changed ? 'precision' : null;
}

/** By the nodes that are no Q/DQ, which come first wherever two layers are compared. */
const sameNodes = (a: PredictedLayer, b: PredictedLayer | undefined): boolean =>
  b !== undefined && a.nodes.some((node) => b.nodes.includes(node));

const types = (layer: PredictedLayer | undefined): string =>
  layer ? `${typeWord(typeTaken(layer))} → ${typeWord(typeGiven(layer))}` : '';

function diffExtras(
  a: ReadonlyMap<string, readonly PredictedLayer[]>,
  b: ReadonlyMap<string, readonly PredictedLayer[]>,
  role: 'qdq' | 'reformat',
): EngineDifference[] {
  const differences: EngineDifference[] = [];
  for (const key of new Set([...a.keys(), ...b.keys()])) {
    const [before, after] = [a.get(key) ?? [], b.get(key) ?? []];
    if (before.length === after.length) continue;
    const kind = `${role}-${before.length > after.length ? 'lost' : 'gained'}` as const;
    differences.push(difference(kind, key.split('\n'), before, after));
  }
  return differences;
}

function difference(
  kind: DifferenceKind,
  nodes: readonly string[],
  before: readonly PredictedLayer[],
  after: readonly PredictedLayer[],
): EngineDifference {
  const total = (layers: readonly PredictedLayer[]): number =>
    layers.reduce((sum, layer) => sum + layerBytes(layer), 0);
  return {
    kind,
    nodes,
    before: before.map(refTo),
    after: after.map(refTo),
    bytes: total(after) - total(before),
    text: textOf(kind, before, after),
  };
}

const refTo = (layer: PredictedLayer): LayerRef => ({
  index: layer.index,
  name: layer.name,
  layerType: layer.layerType,
  takes: typeTaken(layer) ?? null,
  gives: typeGiven(layer) ?? null,
});

function textOf(
  kind: DifferenceKind,
  before: readonly PredictedLayer[],
  after: readonly PredictedLayer[],
): string {
  const names = (layers: readonly PredictedLayer[]): string =>
    layers.map((layer) => `${layer.name} (${types(layer)})`).join(', ');
  switch (kind) {
    case 'split':
      return `split: ${names(before)} becomes ${names(after)}`;
    case 'merged':
      return `merged: ${names(before)} become ${names(after)}`;
    case 'regrouped':
      return `grouped differently: ${names(before)} become ${names(after)}`;
    case 'precision':
      return `${after[0]?.name ?? ''}: ${before.map(types).join(', ')} becomes ${after.map(types).join(', ')}`;
    case 'reformat-gained':
    case 'qdq-gained':
    case 'layer-gained':
      return `new: ${names(after)}`;
    case 'reformat-lost':
    case 'qdq-lost':
    case 'layer-lost':
      return `gone: ${names(before)}`;
  }
}
