import { docs } from '../docs.ts';
import { absorbFollower, absorbProducer } from '../graph/edits.ts';
import type { SimLayer } from '../graph/sim-graph.ts';
import { defineSimRule } from '../sim-rule.ts';

// Activations, unary and element-wise layers in a row become one generated kernel. The chain is built from its start:
// a layer takes the next one as long as that one is its only reader. SiLU is the shortest case: Sigmoid takes Mul.
// A constant goes into the element-wise layer that reads it where it has not become a scale before.
export const pointwiseFusion = defineSimRule<SimLayer>({
  id: 'pointwise-fusion',
  pass: 'PointWiseFusion',
  summary: 'Element-wise layers in a row become one point-wise layer',
  docs: [
    docs.fusions(
      'chains of activation, element-wise, unary and scale layers become one PointWise layer',
    ),
  ],
  evidence: { kind: 'observed', engines: ['conv_act_SiLU_q_after', 'bottleneck_silu_none_sm'] },
  again: true,
  kinds: ['ACTIVATION', 'UNARY', 'ELEMENTWISE', 'POINTWISE', 'SCALE', 'CONSTANT'],
  check(layer) {
    if (layer.kind === 'SCALE' ? !isUniformScale(layer) : !isPointwise(layer)) return null;
    const follower = layer.output.soleReader();
    if (!follower || layer.quantized !== follower.quantized) return null;
    if (layer.kind === 'CONSTANT') return isScalarOperand(layer, follower) ? follower : null;
    return isPointwise(follower) || isUniformScale(follower) ? follower : null;
  },
  effect(layer, follower, edit) {
    edit.say(`PointWiseFusion: Fusing ${layer.name} with ${follower.name}`, layer, follower);
    const name = `PWN(${layer.name}, ${follower.name})`;
    if (layer.kind === 'CONSTANT') {
      absorbProducer(edit.graph, follower, follower.inputs.indexOf(layer.output));
      follower.name = name;
      follower.kind = 'POINTWISE';
      return;
    }
    absorbFollower(edit.graph, layer, follower, name);
    layer.op = layer.op === 'Sigmoid' && follower.op === 'PROD' ? 'Swish' : 'Chain';
    layer.kind = 'POINTWISE';
  },
});

const isPointwise = (layer: SimLayer): boolean =>
  layer.kind === 'ACTIVATION' ||
  layer.kind === 'UNARY' ||
  layer.kind === 'POINTWISE' ||
  (layer.kind === 'ELEMENTWISE' && !layer.activation) ||
  layer.kind === 'CONSTANT';

const isUniformScale = (layer: SimLayer): boolean =>
  layer.kind === 'SCALE' &&
  layer.parameters.scaleOp !== undefined &&
  layer.parameters.elements === 1;

const isScalarOperand = (constant: SimLayer, follower: SimLayer): boolean =>
  follower.kind === 'ELEMENTWISE' && constant.parameters.elements === 1;
