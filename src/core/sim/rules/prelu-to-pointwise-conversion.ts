import { docs } from '../docs.ts';
import { defineSimRule } from '../sim-rule.ts';

// PRelu with its slope tensor becomes a point-wise layer of two inputs; that second input keeps it out of convolutions.
export const preluToPointwiseConversion = defineSimRule<true>({
  id: 'prelu-to-pointwise-conversion',
  pass: 'PreluToPointwiseConversion',
  summary: 'PRelu becomes a point-wise layer',
  docs: [docs.fusions('parametric ReLU is among the operators of PointWise fusion')],
  evidence: { kind: 'observed', engines: ['conv_act_PRelu_fp_out'] },
  kinds: ['PARAMETRIC_RELU'],
  check: () => true,
  effect(layer, _, edit) {
    layer.kind = 'POINTWISE';
    layer.name = `PWN(${layer.name})`;
    edit.say(
      `Swap the layer type of ${layer.nodes[0] ?? layer.name} from PRELU to POINTWISE`,
      layer,
    );
  },
});
