import { docs } from '../docs.ts';
import { absorbFollower } from '../graph/edits.ts';
import { isConvolution, isWeightTensor } from '../graph/queries.ts';
import type { SimLayer } from '../graph/sim-graph.ts';
import { defineSimRule, refuse } from '../sim-rule.ts';

// BatchNorm behind a convolution with plain float weights is folded into the weights, before any Q/DQ is looked at.
// With quantized weights it waits for q-conv-or-deconv-scale-fusion.
export const convScaleFusion = defineSimRule<SimLayer>({
  id: 'conv-scale-fusion',
  pass: 'ConvScaleFusion',
  summary: 'BatchNorm is folded into the float weights of the convolution before it',
  docs: [docs.fusions('convolution and scale become one layer with changed weights')],
  evidence: { kind: 'observed', engines: ['conv_bn_relu_fp_then_q'] },
  kinds: ['CONVOLUTION', 'DECONVOLUTION'],
  check(layer) {
    const scale = layer.output.readers.find((reader) => reader.kind === 'SCALE');
    if (scale?.op !== 'BatchNormalization' || layer.inputs.slice(1).some(isWeightTensor))
      return null;
    if (layer.output.soleReader() !== scale)
      return refuse('the convolution has other readers beside the BatchNorm', layer);
    return isConvolution(layer) ? scale : null;
  },
  effect(layer, scale, edit) {
    edit.say(`ConvScaleFusion: Fusing ${layer.name} with ${scale.name}`, layer, scale);
    absorbFollower(edit.graph, layer, scale);
  },
});
