import { docs } from '../docs.ts';
import { defineSimRule } from '../sim-rule.ts';

// An element-wise layer that no convolution took runs as a point-wise kernel.
export const eltwiseToPointwiseConversion = defineSimRule<true>({
  id: 'eltwise-to-pointwise-conversion',
  pass: 'EltWiseToPointwiseConversion',
  summary: 'An element-wise layer of its own becomes a point-wise layer',
  docs: [docs.fusions('element-wise layers are among the operators of PointWise fusion')],
  evidence: { kind: 'observed', engines: ['eltwise_Add_both_equal'] },
  kinds: ['ELEMENTWISE'],
  check: () => true,
  effect(layer, _, edit) {
    edit.say(`Swap the layer type of ${layer.name} from ELEMENTWISE to POINTWISE`, layer);
    layer.kind = 'POINTWISE';
    layer.name = `PWN(${layer.name})`;
  },
});
