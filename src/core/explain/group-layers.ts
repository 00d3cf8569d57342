import type { EngineLayer } from '../sim/predicted-engine.ts';
import { typeGiven, typeTaken, typeWord } from './low-types.ts';

/** The layers of several engines that run the same ONNX nodes. */
export interface LayerGroup<L extends EngineLayer> {
  /** Q/DQ left out. */
  readonly nodes: readonly string[];
  /** For each engine its layers, in its order; empty where it runs none of the nodes. */
  readonly sides: readonly (readonly L[])[];
}

/** Layers that nobody asked for stand in no group: they run no node that two engines could have in common. */
export const isAskedFor = ({ role }: EngineLayer): boolean =>
  role !== 'qdq' && role !== 'reformat' && role !== 'constant';

/**
 * Aligns engines of (nearly) the same network by the ONNX nodes that their layers run, `quantizers` left out: nodes that share a
 * layer in one of the engines are in one group, and so on from there. In the order of the first engine, then of the second.
 * Layers that run none but quantizers, and layers without nodes, are in no group.
 */
export function groupLayers<L extends EngineLayer>(
  engines: readonly (readonly L[])[],
  quantizers: ReadonlySet<string>,
): readonly LayerGroup<L>[] {
  const sides = engines.map((layers) => new Side(layers, quantizers));
  const groups: LayerGroup<L>[] = [];
  const done = new Set<string>();
  for (const start of sides.flatMap((side) => [...side.layersOf.keys()])) {
    if (done.has(start)) continue;
    const nodes = connected(start, sides);
    for (const node of nodes) done.add(node);
    groups.push({ nodes, sides: sides.map((side) => side.layersOfAll(nodes)) });
  }
  return groups;
}

/** One engine, seen by the ONNX nodes that its layers run. */
class Side<L extends EngineLayer> {
  readonly layersOf = new Map<string, L[]>();
  readonly nodesOf = new Map<L, readonly string[]>();

  constructor(layers: readonly L[], quantizers: ReadonlySet<string>) {
    for (const layer of layers) {
      if (!isAskedFor(layer)) continue;
      const nodes = layer.nodes.filter((node) => !quantizers.has(node));
      this.nodesOf.set(layer, nodes);
      for (const node of nodes) {
        const group = this.layersOf.get(node);
        if (group) group.push(layer);
        else this.layersOf.set(node, [layer]);
      }
    }
  }
  layersOfAll(nodes: readonly string[]): readonly L[] {
    return [...new Set(nodes.flatMap((node) => this.layersOf.get(node) ?? []))].sort(
      (x, y) => x.index - y.index,
    );
  }
}

/** All nodes that share a layer with `start` in one of the engines, and so on. */
function connected<L extends EngineLayer>(
  start: string,
  sides: readonly Side<L>[],
): readonly string[] {
  const found = new Set([start]);
  for (const node of found)
    for (const side of sides)
      for (const layer of side.layersOf.get(node) ?? [])
        for (const other of side.nodesOf.get(layer) ?? []) found.add(other);
  return [...found];
}

/** What happened to the layers of a group from one engine to another. */
export type GroupChange =
  'split' | 'merged' | 'regrouped' | 'precision' | 'layer-gained' | 'layer-lost';

/** How a group differs from one engine to another; null where the same nodes run in as many layers with the same types. */
export function groupChange(
  before: readonly EngineLayer[],
  after: readonly EngineLayer[],
): GroupChange | null {
  if (before.length === 0) return after.length === 0 ? null : 'layer-gained';
  if (after.length === 0) return 'layer-lost';
  if (before.length < after.length) return 'split';
  if (before.length > after.length) return 'merged';
  if (before.length > 1 && before.some((layer, i) => !sameNodes(layer, after[i])))
    return 'regrouped';
  const changed = before.some((layer, i) => layerTypes(layer) !== layerTypes(after[i]));
  return changed ? 'precision' : null;
}

/** By the nodes that are no Q/DQ, which come first wherever two layers are compared. */
const sameNodes = (a: EngineLayer, b: EngineLayer | undefined): boolean =>
  b !== undefined && a.nodes.some((node) => b.nodes.includes(node));

/** `INT8 → float`: the type that decides a layer's arithmetic, and what it gives. */
export const layerTypes = (layer: EngineLayer | undefined): string =>
  layer ? `${typeWord(typeTaken(layer))} → ${typeWord(typeGiven(layer))}` : '';
