import type { EngineGraph } from '../../core/sim/predicted-engine.ts';
import type { Scene } from '../../api/scene.ts';

/** From this share of its nodes on, an engine is taken for one of the model. */
const LEAST_SHARE = 0.5;

/** Names of all nodes in a drawing, Q/DQ on edges included. */
export function nodesOfScene({ boxes, edges }: Scene): ReadonlySet<string> {
  const names = new Set(boxes.flatMap(({ nodes }) => nodes));
  for (const { badges } of edges)
    for (const { nodes } of badges) for (const name of nodes) names.add(name);
  return names;
}

/**
 * Whether an engine was built from (nearly) the model of a drawing: whether most ONNX nodes that it names are there. An engine that
 * names none is nobody's.
 */
export function isKin({ layers }: EngineGraph, model: Scene): boolean {
  const named = new Set(layers.flatMap(({ nodes }) => nodes));
  const known = nodesOfScene(model);
  const shared = [...named].filter((name) => known.has(name)).length;
  return named.size > 0 && shared / named.size >= LEAST_SHARE;
}
