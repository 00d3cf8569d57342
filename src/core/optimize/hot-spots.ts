import type { Simulation } from '../explain/resimulate.ts';
import type { PredictedLayer } from '../sim/predicted-engine.ts';
import { layerTimeUs } from './engine-price.ts';
import { nodeWork } from './node-work.ts';

/** A layer that another placement may make cheaper or take away. */
export interface HotSpot {
  /** Says whether two spots of different engines are the same. */
  readonly key: string;
  /** ONNX nodes around which edits are looked for. */
  readonly nodes: readonly string[];
  /** A Q, DQ or reformat: nothing that the network computes. */
  readonly isCopy: boolean;
}

/**
 * Layers that a placement may spare, the costliest first: Q/DQ and reformats that survive, then layers that compute in
 * float. Among equals the seed settles the order.
 */
export function hotSpots({ engine, model }: Simulation, seed: number): readonly HotSpot[] {
  const work = nodeWork(model.graph);
  const spots = engine.layers.flatMap((layer, index) => {
    const rank = rankOf(layer);
    const nodes = nodesOf(layer);
    if (rank === null || nodes.length === 0) return [];
    const key = `${layer.role}\n${nodes.join('\n')}`;
    const cost = layerTimeUs(layer, work);
    return [{ key, nodes, isCopy: rank < 2, rank, cost, tie: scramble(index, seed) }];
  });
  spots.sort((a, b) => a.rank - b.rank || b.cost - a.cost || a.tie - b.tie);
  return spots;
}

/** Copies come before arithmetic; layers in INT8 are as they should be, unless only a neighbour keeps them apart. */
function rankOf(layer: PredictedLayer): number | null {
  if (layer.role === 'qdq') return 0;
  if (layer.role === 'reformat') return 1;
  if (layer.role !== 'compute') return null;
  return layer.precision === 'int8' || layer.precision === 'fp8' || layer.precision === 'int4'
    ? 3
    : 2;
}

/** A reformat runs no node of its own: its note names the layer that needs it. */
const nodesOf = (layer: PredictedLayer): readonly string[] =>
  layer.nodes.length > 0 ? layer.nodes : (layer.notes[0]?.nodes ?? []);

/** A number that looks random and depends on both: Knuth's multiplicative hash. */
const scramble = (index: number, seed: number): number =>
  Math.imul(index + 1, 2654435761 + 2 * seed) >>> 0;
