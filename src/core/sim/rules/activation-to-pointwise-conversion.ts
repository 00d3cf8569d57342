import { docs } from '../docs.ts';
import { defineSimRule } from '../sim-rule.ts';

// An activation or unary layer that stands alone becomes a point-wise layer of one operation.
export const activationToPointwiseConversion = defineSimRule<true>({
  id: 'activation-to-pointwise-conversion',
  pass: 'ActivationToPointwiseConversion',
  summary: 'An activation of its own becomes a point-wise layer',
  docs: [docs.fusions('activations are among the operators of PointWise fusion')],
  evidence: { kind: 'observed', engines: ['conv_act_Sigmoid_q_after', 'conv_q_before_Relu'] },
  kinds: ['ACTIVATION', 'UNARY'],
  check: () => true,
  effect(layer, _, edit) {
    edit.say(`Swap the layer type of ${layer.name} from ${layer.kind} to POINTWISE`, layer);
    layer.kind = 'POINTWISE';
    layer.name = `PWN(${layer.name})`;
  },
});
