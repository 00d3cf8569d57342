import type { EngineGraph } from '../../core/sim/predicted-engine.ts';
import type { Scene } from '../../api/scene.ts';
import { isQuantizerName } from './layer-words.ts';

/** From this share of its layers on, an engine is taken for one of the model. */
const LEAST_SHARE = 0.5;

/** How much of an engine a model knows. */
export interface Kinship {
  /** Layers that name nodes which do work: Q/DQ are called alike in all models. */
  readonly layers: number;
  /** Those of them that run a node of the model. */
  readonly found: number;
}

/** Names of all nodes in a drawing, Q/DQ on edges included. */
export function nodesOfScene({ boxes, edges }: Scene): ReadonlySet<string> {
  const names = new Set(boxes.flatMap(({ nodes }) => nodes));
  for (const { badges } of edges)
    for (const { nodes } of badges) for (const name of nodes) names.add(name);
  return names;
}

/** How many layers of an engine run nodes of the model of a drawing. */
export function kinshipOf({ layers }: EngineGraph, model: Scene): Kinship {
  const known = nodesOfScene(model);
  const working = layers
    .map(({ nodes }) => nodes.filter((name) => !isQuantizerName(name)))
    .filter((nodes) => nodes.length > 0);
  const found = working.filter((nodes) => nodes.some((name) => known.has(name))).length;
  return { layers: working.length, found };
}

/**
 * Whether an engine was built from (nearly) the model of a drawing. An engine that names no nodes is nobody's.
 */
export function isKin(engine: EngineGraph, model: Scene): boolean {
  const { layers, found } = kinshipOf(engine, model);
  return layers > 0 && found / layers >= LEAST_SHARE;
}
