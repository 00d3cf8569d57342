import { inferShapes } from '../ir/infer/infer-shapes.ts';
import type { Model } from '../ir/graph.ts';

/** A copy with the types and shapes that inference finds: passes and edits look at them. `model` is not changed. */
export function inferredCopy(model: Model): Model {
  const copy = { ...model, graph: model.graph.clone() };
  inferShapes(copy);
  return copy;
}
