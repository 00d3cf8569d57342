import type { Model } from '../ir/model.ts';
import { isQuantizer } from '../ir/quantizer-nodes.ts';
import type { PredictedEngine } from '../sim/predicted-engine.ts';
import { layerBytes, scoreEngine } from './engine-cost.ts';
import type { EngineScore } from './engine-cost.ts';
import { EngineIndex } from './engine-index.ts';
import { isLow, typeGiven, typeTaken } from './low-types.ts';

/** How an engine looks from one node: what a search compares. */
export interface NodeView {
  /** Its layer takes and gives INT8; for Q and DQ: no layer of their own is left. */
  readonly reached: boolean;
  /** The name of the layer that runs it, and bytes that layer moves. */
  readonly layer: string | null;
  readonly layerBytes: number;
  readonly score: EngineScore;
  /** Q/DQ layers, but for a Q on an input of the network: that one nobody can take away. */
  readonly copies: number;
}

/** Looks at `engine` from `node`. What the network gives out need not be INT8: no Q behind it would pay. */
export function viewFrom(model: Model, engine: PredictedEngine, node: string): NodeView {
  const index = new EngineIndex(engine);
  const layers = index.layersOf(node);
  const [layer] = layers;
  const score = scoreEngine(engine);
  const bytes = layer ? layerBytes(layer) : 0;
  const copies = engine.layers.filter(
    ({ role, inputs }) => role === 'qdq' && !inputs.every((tensor) => index.isBinding(tensor.name)),
  ).length;
  const seen = { copies, layer: layer?.name ?? null, layerBytes: bytes, score };
  const at = model.graph.node(node);
  if (isQuantizer(at)) return { ...seen, reached: layers.every(({ role }) => role !== 'qdq') };
  if (!layer) return { ...seen, reached: isLow(index.resultOf(at)?.dataType) };
  const isShown = layer.outputs.some((tensor) => index.isBinding(tensor.name));
  const reached = isLow(typeTaken(layer)) && (isShown || isLow(typeGiven(layer)));
  return { ...seen, reached };
}
