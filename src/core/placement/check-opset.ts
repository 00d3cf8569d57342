import type { Diagnostic } from '../base/diagnostic.ts';
import { opsetTooLowFor } from '../base/diagnostics/placement.ts';
import type { Graph } from '../ir/graph.ts';
import { isQuantizer } from '../ir/quantizer-nodes.ts';
import { quantizerNeeds } from '../ir/quantizer-opset.ts';

/**
 * What new Q/DQ of `graph` the operator set of the model does not have; null where all is well. Nodes of the file are the
 * exporter's business, and are the linter's to tell.
 */
export function checkOpset(graph: Graph, opsets: ReadonlyMap<string, number>): Diagnostic | null {
  const have = opsets.get('') ?? opsets.get('ai.onnx');
  if (have === undefined) return null;
  let worst: { readonly opset: number; readonly what: string; readonly nodes: string[] } | null =
    null;
  for (const node of graph.nodes()) {
    if (node.source !== undefined || !isQuantizer(node)) continue;
    const need = quantizerNeeds(node);
    if (!need || need.opset <= have || need.opset < (worst?.opset ?? 0)) continue;
    if (worst?.opset === need.opset) worst.nodes.push(node.name);
    else worst = { ...need, nodes: [node.name] };
  }
  return worst && opsetTooLowFor(worst.nodes, worst.what, worst.opset, have);
}
