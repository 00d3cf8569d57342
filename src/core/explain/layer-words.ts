import type { Model } from '../ir/model.ts';
import { isQuantizer } from '../ir/quantizer-nodes.ts';
import type { PredictedLayer } from '../sim/predicted-engine.ts';

/** The node by which people call a layer: the first that is no Q or DQ. */
export function mainNode(model: Model, layer: PredictedLayer): string {
  const computed = layer.nodes.find((name) => {
    const node = model.graph.node(name);
    return node !== undefined && !isQuantizer(node);
  });
  return computed ?? layer.nodes[0] ?? layer.name;
}

/** The node of `layer` that reads `tensor`; by its main node where only a tensor inside the engine tells. */
export const readingNode = (model: Model, layer: PredictedLayer, tensor: string): string =>
  layer.nodes.find((name) =>
    model.graph.node(name)?.inputs.some((value) => value?.name === tensor),
  ) ?? mainNode(model, layer);

/** `a`, `a and b`, `a, b and c`. */
export function list(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}
