import { docs } from '../docs.ts';
import { defineSimRule } from '../sim-rule.ts';

// SiLU in the epilogue of an INT8 convolution has dedicated kernels, faster than generated ones.
export const convSwishTransformation = defineSimRule<true>({
  id: 'conv-swish-transformation',
  pass: 'ConvSwishGeToSsTransformation',
  summary: 'SiLU inside an INT8 convolution takes a dedicated kernel',
  docs: [docs.fusions('convolution and swish become one layer')],
  evidence: { kind: 'observed', engines: ['conv_act_SiLU_q_after', 'yolov5n.mo'] },
  kinds: ['CONVOLUTION'],
  check: (layer) => (layer.activation === 'SWISH' && layer.quantized ? true : null),
  effect(layer, _, edit) {
    edit.say(`Modifying configuration of ${layer.name}`, layer);
  },
});
