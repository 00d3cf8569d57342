import { docs } from '../docs.ts';
import type { SimLayer } from '../graph/sim-graph.ts';
import { defineSimRule, refuse } from '../sim-rule.ts';

// Quantizers of one tensor with the same scale are one quantizer. With different scales each stays, and none of them can
// move up into the layer that makes the tensor.
export const horizontalMergeQNodes = defineSimRule<readonly SimLayer[]>({
  id: 'horizontal-merge-q-nodes',
  pass: 'HorizontalMergeQNodes',
  summary: 'Quantizers of one tensor with equal scales become one',
  docs: [
    docs.explicitQuantization('scales are compared, and equal ones let Q layers merge and move'),
  ],
  evidence: { kind: 'observed', engines: ['residual_shared_own_q_same_scale', 'fanout_unequal'] },
  kinds: ['QUANTIZE'],
  check(layer) {
    const quantizers = layer.input.readers.filter((reader) => reader.kind === 'QUANTIZE');
    // the Qs of constants take copies of these (split-const-across-quantize-fan-out)
    if (quantizers.length < 2 || layer.producer?.kind === 'CONSTANT') return null;
    const equal = quantizers.filter((other) => other.quantizer?.key === layer.quantizer?.key);
    if (equal.length < 2)
      return refuse('the other quantizers of this tensor have other scales', ...quantizers);
    return equal[0] === layer ? equal.slice(1) : null;
  },
  effect(layer, twins, edit) {
    edit.graph.hoist(layer);
    for (const twin of twins) {
      edit.say(`Eliminating ${twin.name} which duplicates (Q) ${layer.name}`, layer, twin);
      edit.graph.redirect(twin.output, layer.output);
      layer.nodes = [...layer.nodes, ...twin.nodes];
      edit.graph.remove(twin);
    }
  },
});
