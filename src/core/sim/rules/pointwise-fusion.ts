import { docs } from '../docs.ts';
import { absorbFollower } from '../graph/edits.ts';
import type { SimLayer } from '../graph/sim-graph.ts';
import { defineSimRule } from '../sim-rule.ts';

// Activations, unary and element-wise layers in a row become one generated kernel. The chain is built from its start:
// a layer takes the next one as long as that one is its only reader. SiLU is the shortest case: Sigmoid takes Mul. A sum
// that took its ReLU joins a chain, but starts none.
export const pointwiseFusion = defineSimRule<SimLayer>({
  id: 'pointwise-fusion',
  pass: 'PointWiseFusion',
  summary: 'Element-wise layers in a row become one point-wise layer',
  docs: [
    docs.fusions(
      'chains of activation, element-wise, unary and scale layers become one PointWise layer',
    ),
  ],
  evidence: {
    kind: 'observed',
    engines: ['conv_act_SiLU_q_after', 'bottleneck_silu_none_sm'],
  },
  again: true,
  kinds: ['ACTIVATION', 'UNARY', 'ELEMENTWISE', 'POINTWISE', 'SCALE'],
  check(layer) {
    if (!isPointwise(layer)) return null;
    const follower = layer.output.soleReader();
    if (follower?.quantized !== layer.quantized) return null;
    return isPointwise(follower) || follower.kind === 'ELEMENTWISE' ? follower : null;
  },
  effect(layer, follower, edit) {
    edit.say(`PointWiseFusion: Fusing ${layer.name} with ${follower.name}`, layer, follower);
    absorbFollower(edit.graph, layer, follower, `PWN(${layer.name}, ${follower.name})`);
    layer.op = layer.op === 'Sigmoid' && follower.op === 'PROD' ? 'Swish' : 'Chain';
    layer.kind = 'POINTWISE';
  },
});

const isPointwise = (layer: SimLayer): boolean =>
  layer.kind === 'ACTIVATION' ||
  layer.kind === 'UNARY' ||
  layer.kind === 'POINTWISE' ||
  (layer.kind === 'ELEMENTWISE' && !layer.activation) ||
  (layer.kind === 'SCALE' &&
    layer.parameters.scaleOp !== undefined &&
    layer.parameters.elements === 1);
