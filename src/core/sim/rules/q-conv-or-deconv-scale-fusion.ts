import { docs } from '../docs.ts';
import { absorbFollower } from '../graph/edits.ts';
import { isWeightTensor } from '../graph/queries.ts';
import type { SimLayer } from '../graph/sim-graph.ts';
import { defineSimRule, refuse } from '../sim-rule.ts';

// BatchNorm, with the ReLU that it took, enters a convolution or deconvolution whose weights carry Q/DQ: the weight
// scales change per channel. Its name goes; only the activation tells that it was there.
export const qConvOrDeconvScaleFusion = defineSimRule<SimLayer>({
  id: 'q-conv-or-deconv-scale-fusion',
  pass: 'QConvOrDeconvScaleFusion',
  summary: 'BatchNorm enters the convolution with quantized weights before it',
  docs: [
    docs.explicitQuantization(
      'batch normalization is fused; no Q/DQ may stand between it and the convolution',
    ),
  ],
  evidence: { kind: 'observed', engines: ['deconv_k3_bn_relu'] },
  kinds: ['CONVOLUTION', 'DECONVOLUTION'],
  check(layer) {
    const scale = layer.output.readers.find(
      (reader) => reader.kind === 'SCALE' && reader.op === 'BatchNormalization',
    );
    if (!scale || !isWeightTensor(layer.inputs[1])) return null;
    return layer.output.soleReader()
      ? scale
      : refuse('the convolution has other readers beside the BatchNorm', layer);
  },
  effect(layer, scale, edit) {
    edit.say(`Removing ${scale.name}`, layer, scale);
    absorbFollower(edit.graph, layer, scale, layer.name);
    layer.activation ??= scale.activation;
  },
});
