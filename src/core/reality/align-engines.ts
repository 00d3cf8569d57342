import type { BuiltEngine, BuiltLayer } from '../engine/built-engine.ts';
import { isReformatName, partsOfName } from '../engine/layer-names.ts';
import { groupLayers } from '../explain/group-layers.ts';
import type { Graph } from '../ir/graph.ts';
import type { EngineLayer, PredictedEngine, PredictedLayer } from '../sim/predicted-engine.ts';
import { fillNodes } from './fill-nodes.ts';
import { nodeClasses } from './node-classes.ts';
import type { NodeClasses } from './node-classes.ts';

/** Layers of both engines that concern the same nodes; one side may be empty. */
export interface AlignedLayers {
  readonly nodes: readonly string[];
  readonly predicted: readonly PredictedLayer[];
  readonly built: readonly BuiltLayer[];
}

/** All layers of both engines, each where it belongs; constants and layers that run nothing are left out. */
export interface EngineAlignment {
  readonly classes: NodeClasses;
  /** Layers that compute, by the computing nodes that they share. */
  readonly groups: readonly AlignedLayers[];
  /** Q/DQ that are layers of their own, by their nodes. */
  readonly qdq: readonly AlignedLayers[];
  /** Reformats that run, by the nodes of the layer before or behind which they stand. */
  readonly reformats: readonly AlignedLayers[];
  /** The built layers with the nodes that were filled in from the model. */
  readonly built: readonly BuiltLayer[];
}

/** Aligns a prediction with the engine that was built of the same model. */
export function alignEngines(
  predicted: PredictedEngine,
  built: BuiltEngine,
  graph: Graph,
): EngineAlignment {
  const classes = nodeClasses(graph);
  const filled = fillNodes(built.layers, graph);
  const sides = { predicted: predicted.layers, built: filled };
  return {
    classes,
    groups: grouped(sides, (layer) => computingNodes(layer, classes)),
    qdq: grouped(sides, (layer) => survivingNodes(layer, classes)),
    reformats: reformatsOf(sides, classes),
    built: filled,
  };
}

interface Sides {
  readonly predicted: readonly PredictedLayer[];
  readonly built: readonly BuiltLayer[];
}

/** What a layer counts for; copies into a concatenation and Q/DQ that took something in run computing nodes too. */
const computingNodes = ({ name, nodes }: EngineLayer, { computing }: NodeClasses): string[] =>
  isReformatName(name) ? [] : nodes.filter((node) => computing.has(node));

/** The Q/DQ that a layer runs and nothing else; those of no-ops vanished. */
function survivingNodes(layer: EngineLayer, classes: NodeClasses): string[] {
  const { role, layerType, name, nodes } = layer;
  if (layerType === 'NoOp' || role === 'noop' || isReformatName(name)) return [];
  if (computingNodes(layer, classes).length > 0) return [];
  return nodes.filter((node) => classes.quantizers.has(node));
}

/** Groups the layers of both engines that share some of the nodes that they count for. */
function grouped(
  { predicted, built }: Sides,
  nodesOf: (layer: EngineLayer) => string[],
): AlignedLayers[] {
  const view = (layers: readonly EngineLayer[]): EngineLayer[] =>
    layers
      .map((layer) => ({ ...layer, role: 'compute' as const, nodes: nodesOf(layer) }))
      .filter(({ nodes }) => nodes.length > 0);
  return groupLayers([view(predicted), view(built)], new Set()).map(
    ({ nodes, sides: [left = [], right = []] }) => ({
      nodes,
      predicted: left.flatMap(({ index }) => predicted[index] ?? []),
      built: right.flatMap(({ index }) => built[index] ?? []),
    }),
  );
}

/** Reformats of both engines by where they stand. */
function reformatsOf({ predicted, built }: Sides, classes: NodeClasses): AlignedLayers[] {
  const found = new Map<
    string,
    { nodes: readonly string[]; predicted: PredictedLayer[]; built: BuiltLayer[] }
  >();
  const placeOf = (layer: EngineLayer) => {
    const nodes = reformatKey(layer, classes);
    if (nodes === null) return null;
    const key = [...nodes].sort().join('\u0000');
    const known = found.get(key) ?? { nodes, predicted: [], built: [] };
    found.set(key, known);
    return known;
  };
  for (const layer of predicted) placeOf(layer)?.predicted.push(layer);
  for (const layer of built) placeOf(layer)?.built.push(layer);
  return [...found.values()];
}

const PLACE = /^Reformatting CopyNode for (Input|Output) Tensor (\d+) to (.*)$/;

/** Where a reformat stands: the layer's nodes, and which of its tensors; the layer's own name where it runs no known node. */
function reformatKey(
  { role, name, layerType }: EngineLayer,
  { computing, all }: NodeClasses,
): readonly string[] | null {
  const place = role === 'reformat' && layerType !== 'NoOp' ? PLACE.exec(name) : null;
  if (!place) return null;
  const [, side = '', index = '', target = ''] = place;
  const nodes = partsOfName(target).filter((node) => all.has(node));
  const main = nodes.filter((node) => computing.has(node));
  const at = main.length > 0 ? main : nodes.length > 0 ? nodes : [target];
  return [...at, `${side.toLowerCase()} ${index}`];
}
