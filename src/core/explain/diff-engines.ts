import type { PredictedEngine, PredictedLayer } from '../sim/predicted-engine.ts';
import { layerBytes } from './engine-cost.ts';
import type { DifferenceKind, EngineDifference, LayerRef } from './engine-difference.ts';
import { groupChange, groupLayers, layerTypes } from './group-layers.ts';
import { typeGiven, typeTaken } from './low-types.ts';

/**
 * What differs from engine `a` to engine `b` of (nearly) the same network: layers are aligned by the ONNX nodes that they
 * run, Q/DQ left out; reformats and Q/DQ layers by what they stand before or stem from. In the order of `a`, and empty
 * exactly where the same nodes run in the same layers with the same types.
 */
export function diffEngines(a: PredictedEngine, b: PredictedEngine): readonly EngineDifference[] {
  return [
    ...diffGroups(a, b),
    ...diffExtras(extrasOf(a, 'qdq'), extrasOf(b, 'qdq'), 'qdq'),
    ...diffExtras(extrasOf(a, 'reformat'), extrasOf(b, 'reformat'), 'reformat'),
  ];
}

/** The builder folds the scale of every Q and DQ first: that pass names them all. */
function* quantizersOf(engine: PredictedEngine): Generator<string> {
  for (const event of engine.trace)
    if (event.ruleId === 'const-qdq-initializers-fusion') yield* [event.node, ...event.nodes];
}

/** Layers of a role that nobody asked for, by what they stem from. */
function extrasOf(
  { layers }: PredictedEngine,
  role: 'qdq' | 'reformat',
): ReadonlyMap<string, readonly PredictedLayer[]> {
  const found = new Map<string, PredictedLayer[]>();
  for (const layer of layers) {
    if (layer.role !== role) continue;
    const key = extraNodes(layer).join('\n');
    const same = found.get(key);
    if (same) same.push(layer);
    else found.set(key, [layer]);
  }
  return found;
}

/** A reformat runs no node of its own: its note names the layer that needs it. */
const extraNodes = (layer: PredictedLayer): readonly string[] =>
  layer.nodes.length > 0 ? layer.nodes : (layer.notes[0]?.nodes ?? [layer.name]);

function diffGroups(a: PredictedEngine, b: PredictedEngine): EngineDifference[] {
  const quantizers = new Set([...quantizersOf(a), ...quantizersOf(b)]);
  return groupLayers([a.layers, b.layers], quantizers).flatMap(({ nodes, sides }) => {
    const [before = [], after = []] = sides;
    const kind = groupChange(before, after);
    return kind ? [difference(kind, nodes, before, after)] : [];
  });
}

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
    layers.map((layer) => `${layer.name} (${layerTypes(layer)})`).join(', ');
  switch (kind) {
    case 'split':
      return `split: ${names(before)} becomes ${names(after)}`;
    case 'merged':
      return `merged: ${names(before)} become ${names(after)}`;
    case 'regrouped':
      return `grouped differently: ${names(before)} become ${names(after)}`;
    case 'precision':
      return `${after[0]?.name ?? ''}: ${before.map(layerTypes).join(', ')} becomes ${after.map(layerTypes).join(', ')}`;
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
