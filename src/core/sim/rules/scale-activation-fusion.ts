import { docs } from '../docs.ts';
import { absorbFollower } from '../graph/edits.ts';
import type { SimLayer } from '../graph/sim-graph.ts';
import { defineSimRule } from '../sim-rule.ts';

// ReLU behind a BatchNorm joins it; a convolution with quantized weights then takes both at once.
export const scaleActivationFusion = defineSimRule<SimLayer>({
  id: 'scale-activation-fusion',
  pass: 'ScaleActivationFusion',
  summary: 'ReLU joins the BatchNorm before it',
  docs: [docs.fusions('scale and activation become one layer')],
  evidence: { kind: 'observed', engines: ['deconv_k3_bn_relu'] },
  kinds: ['SCALE'],
  check(layer) {
    const relu = layer.output.soleReader();
    return relu?.kind === 'ACTIVATION' && relu.op === 'Relu' && !layer.activation ? relu : null;
  },
  effect(layer, relu, edit) {
    edit.say(`ScaleActivationFusion: Fusing ${layer.name} with ${relu.name}`, layer, relu);
    absorbFollower(edit.graph, layer, relu);
    layer.activation = 'RELU';
  },
});
