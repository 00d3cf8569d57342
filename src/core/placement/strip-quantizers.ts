import { ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { Model } from '../ir/model.ts';
import { bypassNode } from './bypass-node.ts';
import { isQuantizer } from '../ir/quantizer-nodes.ts';

/**
 * The network without any Q/DQ: every Q and DQ is taken out, on weights too (integer weights then stand as integers, which
 * only shows in their numbers). Types of values are forgotten where a Q made them, so inference must run again.
 */
export function stripQuantizers(model: Model): Result<Model> {
  const graph = model.graph.clone();
  for (const node of graph.nodes()) {
    if (!isQuantizer(node)) continue;
    const done = bypassNode(graph, node);
    if (!done.ok) return done;
  }
  return ok({ ...model, graph });
}
