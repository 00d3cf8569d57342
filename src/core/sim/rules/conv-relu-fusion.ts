import { docs } from '../docs.ts';
import { absorbFollower } from '../graph/edits.ts';
import { activationName, isReluLike } from '../graph/queries.ts';
import type { SimLayer } from '../graph/sim-graph.ts';
import { defineSimRule, refuse } from '../sim-rule.ts';

// ReLU, and a Clip that starts at 0, run in the epilogue of the convolution, in every precision. A Q or DQ between the
// two stands in the way.
export const convReluFusion = defineSimRule<SimLayer>({
  id: 'conv-relu-fusion',
  pass: 'ConvReluFusion',
  summary: 'ReLU runs inside the convolution before it',
  docs: [docs.fusions('convolution and ReLU become one layer')],
  evidence: { kind: 'observed', engines: ['conv_k3_relu_chain', 'conv_act_Relu6_fp_out'] },
  kinds: ['CONVOLUTION'],
  check(layer) {
    if (layer.activation) return null;
    const relu = layer.output.readers.find(isReluLike);
    if (!relu) return behindQuantizers(layer);
    return layer.output.soleReader()
      ? relu
      : refuse('the convolution has other readers beside the ReLU', layer);
  },
  effect(layer, relu, edit) {
    edit.say(`ConvReluFusion: Fusing ${layer.name} with ${relu.name}`, layer, relu);
    layer.activation = activationName(relu);
    absorbFollower(edit.graph, layer, relu);
  },
});

function behindQuantizers(layer: SimLayer) {
  const q = layer.output.soleReader();
  const relu = q?.kind === 'QUANTIZE' ? q.output.soleReader()?.output.soleReader() : null;
  return relu && isReluLike(relu)
    ? refuse('a Q/DQ pair stands between the convolution and its ReLU', q)
    : null;
}
