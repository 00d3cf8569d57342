import type { Graph } from '../graph.ts';
import type { Model } from '../model.ts';
import { inferGraph } from './infer-graph.ts';
import type { InferReport } from './infer-report.ts';
import { InferSession } from './infer-session.ts';
import { bodiesOf } from './bodies.ts';

/**
 * Finds type and shape of every value of `model` and writes them into the values where the file says nothing, less, or
 * something that cannot be. Follows constants through shape arithmetic. Never throws on bad graphs: what does not fit is
 * a diagnostic, and the values after it keep what the file says. Linear in the number of nodes.
 */
export function inferShapes(model: Model): InferReport {
  const session = new InferSession(model.opsets, firstFreeUnknown(model.graph));
  inferGraph(session, model.graph);
  return {
    diagnostics: session.diagnostics,
    folded: session.folded,
    unknownOperators: [...session.unknownOperators].sort(),
    unknownDims: session.unknownDims,
  };
}

/** Files that other tools inferred use names like ours; ours must not meet them. */
function firstFreeUnknown(graph: Graph): number {
  let first = 0;
  const pending = [graph];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const value of next.values()) {
      for (const dim of value.shape ?? []) {
        if (typeof dim !== 'string' || !dim.startsWith('unk__')) continue;
        const number = Number(dim.slice('unk__'.length));
        if (Number.isSafeInteger(number)) first = Math.max(first, number + 1);
      }
    }
    for (const node of next.nodes()) pending.push(...bodiesOf(node));
  }
  return first;
}
