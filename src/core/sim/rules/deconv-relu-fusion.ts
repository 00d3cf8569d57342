import { docs } from '../docs.ts';
import { absorbFollower } from '../graph/edits.ts';
import { activationName, isReluLike } from '../graph/queries.ts';
import type { SimLayer } from '../graph/sim-graph.ts';
import { defineSimRule, refuse } from '../sim-rule.ts';

// A float deconvolution takes the ReLU behind it; with Q/DQ in the network it does not, in no precision: the ReLU stays a
// point-wise layer, INT8 where a Q follows it.
export const deconvReluFusion = defineSimRule<SimLayer>({
  id: 'deconv-relu-fusion',
  pass: 'DeconvReluClipReluFusion',
  summary: 'ReLU runs inside the deconvolution before it, in networks without Q/DQ',
  docs: [docs.fusions('deconvolution and ReLU become one layer')],
  evidence: { kind: 'observed', engines: ['deconv_k2_fp', 'deconv_k2_relu'] },
  kinds: ['DECONVOLUTION'],
  check(layer) {
    const relu = layer.output.readers.find(isReluLike);
    if (!relu || layer.activation) return null;
    return layer.output.soleReader()
      ? relu
      : refuse('the deconvolution has other readers beside the ReLU', layer);
  },
  effect(layer, relu, edit) {
    edit.say(`DeconvReluClipReluFusion: Fusing ${layer.name} with ${relu.name}`, layer, relu);
    layer.activation = activationName(relu);
    absorbFollower(edit.graph, layer, relu);
  },
});
