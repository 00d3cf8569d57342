import { docs } from '../docs.ts';
import { absorbProducer } from '../graph/edits.ts';
import { isConvolution } from '../graph/queries.ts';
import { defineSimRule } from '../sim-rule.ts';

// Weights that were a layer of their own for the sake of their Q/DQ go back into the convolution, whose name then starts
// with theirs.
export const constWeightsFusion = defineSimRule<number>({
  id: 'const-weights-fusion',
  pass: 'ConstWeightsFusion',
  summary: 'Quantized weights enter their convolution',
  docs: [docs.explicitQuantization('the Q on weights is evaluated and stored with the layer')],
  evidence: { kind: 'observed', engines: ['conv_k3_relu_chain', 'conv_weight_only_q'] },
  kinds: ['CONVOLUTION', 'DECONVOLUTION'],
  check(layer) {
    const index = layer.inputs.findIndex((tensor) => tensor.producer?.kind === 'CONSTANT');
    return index > 0 && isConvolution(layer) ? index : null;
  },
  effect(layer, index, edit) {
    const name = layer.inputs[index]?.producer?.name ?? '';
    edit.say(`ConstWeightsFusion: Fusing ${name} with ${layer.name}`, layer);
    absorbProducer(edit.graph, layer, index);
    layer.name = `${name} + ${layer.name}`;
  },
});
