import { docs } from '../docs.ts';
import { absorbFollower, bypass } from '../graph/edits.ts';
import { soleQuantize } from '../graph/queries.ts';
import type { SimLayer } from '../graph/sim-graph.ts';
import { defineSimRule } from '../sim-rule.ts';

// A DQ right before a Q: with equal scales both go; with other scales they become one layer that changes the scale
// (requantization), which a convolution before it may take. A multiplication by one number between them joins in.
export const dqQFusion = defineSimRule<SimLayer>({
  id: 'dq-q-fusion',
  pass: 'DqQFusion',
  summary:
    'A DQ before a Q vanishes if the scales are equal, else the two become one requantization',
  docs: [docs.explicitQuantization('redundant pairs of DQ and Q are removed')],
  evidence: {
    kind: 'observed',
    engines: ['double_qdq_same_scale', 'eltwise_Max_both_unequal', 'move_MulConst_both'],
  },
  kinds: ['DEQUANTIZE', 'SCALE'],
  check(layer) {
    if (layer.kind === 'SCALE') return isFactor(layer) ? soleQuantize(layer.output) : null;
    if (layer.producer?.kind === 'CONSTANT') return null;
    const follower = layer.output.soleReader();
    if (follower?.kind === 'QUANTIZE' && !follower.quantized) return follower;
    return follower?.op === 'Requantize' ? follower : null;
  },
  effect(layer, q, edit) {
    const { graph } = edit;
    if (
      layer.kind === 'DEQUANTIZE' &&
      q.kind === 'QUANTIZE' &&
      layer.quantizer?.key === q.quantizer?.key
    ) {
      edit.say(`Removing ${q.name} and ${layer.name}, which undo each other`, layer, q);
      keepNodes(layer, q);
      bypass(graph, q);
      bypass(graph, layer);
      return;
    }
    edit.say(`DqQFusion: Fusing ${layer.name} with ${q.name}`, layer, q);
    absorbFollower(graph, layer, q);
    layer.kind = 'SCALE';
    layer.op = 'Requantize';
  },
});

/** The nodes of a pair that vanishes are told of by the layer before it. */
function keepNodes(layer: SimLayer, q: SimLayer): void {
  const maker = layer.producer;
  if (maker && maker.kind !== 'QUANTIZE')
    maker.nodes = [...maker.nodes, ...layer.nodes, ...q.nodes];
}

/** A product with one number, fed by a DQ, that may merge with the scales around it. */
const isFactor = (layer: SimLayer): boolean =>
  layer.parameters.scaleOp === 'PROD' &&
  layer.parameters.elements === 1 &&
  layer.producer?.kind === 'DEQUANTIZE' &&
  layer.op !== 'Requantize';
