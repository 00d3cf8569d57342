import { unknownNode } from '../base/diagnostics.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { Model } from '../ir/model.ts';
import type { PredictedEngine } from '../sim/predicted-engine.ts';
import { collectEvents } from './collect-events.ts';
import { confidence } from './confidence.ts';
import { decisiveReason } from './decisive-reason.ts';
import { EngineIndex } from './engine-index.ts';
import type { Explanation } from './explanation.ts';
import { typeGiven, typeTaken } from './low-types.ts';

/**
 * Why the ONNX node `name` of `model` is in its layer of `engine`, and in that precision: the chain of events, and the one
 * reason that decided. `engine` must be the prediction of `model`. Fails on a name that is not in the model.
 */
export function explainNode(
  model: Model,
  engine: PredictedEngine,
  name: string,
): Result<Explanation> {
  const node = model.graph.node(name);
  if (!node) return fail(unknownNode(name));
  const index = new EngineIndex(engine);
  const layer = index.layersOf(name)[0] ?? null;
  const input = node.inputs[0] && index.tensor(node.inputs[0].name);
  const takes = layer ? typeTaken(layer) : input?.dataType;
  const gives = layer ? typeGiven(layer) : index.resultOf(node)?.dataType;
  return ok({
    node: name,
    opType: node.opType,
    layer,
    takes: takes ?? null,
    gives: gives ?? null,
    reason: decisiveReason({ model, index, node, layer, takes, gives }),
    confidence: layer && confidence(layer),
    events: collectEvents(index, name, layer),
  });
}
