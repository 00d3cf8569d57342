import type { Node } from '../ir/graph.ts';
import {
  constantOf,
  isDequantizeNode,
  isPerTensor,
  isQuantizeNode,
  quantizeOf,
} from '../ir/quantizer-nodes.ts';

/** Far enough to cross a block of any known network. */
const MAX_VISITS = 64;

/**
 * The quantizer of an activation nearest to `node`, behind it before in front of it at the same distance: what stands
 * behind quantizes nearly the same numbers. Null where there is none near.
 */
export function nearestQuantizer(node: Node): Node | null {
  const seen = new Set([node]);
  for (const at of seen) {
    if (seen.size > MAX_VISITS) return null;
    for (const value of at.outputs)
      for (const reader of value.consumers()) {
        if (isQuantizeNode(reader) && isUsable(reader)) return reader;
        seen.add(reader);
      }
    for (const value of at.inputs) {
      const maker = value?.producer();
      if (!maker) continue;
      const quantize = isDequantizeNode(maker) ? quantizeOf(maker) : null;
      if (quantize && isUsable(quantize)) return quantize;
      seen.add(maker);
    }
  }
  return null;
}

const isUsable = (quantize: Node): boolean =>
  isPerTensor(quantize) && constantOf(quantize.inputs[0]) === undefined;
