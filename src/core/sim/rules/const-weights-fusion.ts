import { docs } from '../docs.ts';
import { absorbProducer } from '../graph/edits.ts';
import { isConvolution } from '../graph/queries.ts';
import type { SimLayer } from '../graph/sim-graph.ts';
import { defineSimRule } from '../sim-rule.ts';

// Weights that were a layer of their own for the sake of their Q/DQ go back into the convolution, whose name then starts
// with theirs.
export const constWeightsFusion = defineSimRule<SimLayer>({
  id: 'const-weights-fusion',
  pass: 'ConstWeightsFusion',
  summary: 'Quantized weights enter their convolution',
  docs: [docs.explicitQuantization('the Q on weights is evaluated and stored with the layer')],
  evidence: { kind: 'observed', engines: ['conv_k3_relu_chain', 'conv_weight_only_q'] },
  kinds: ['CONSTANT'],
  check(layer) {
    const reader = layer.output.soleReader();
    return reader && isConvolution(reader) && reader.inputs.indexOf(layer.output) > 0
      ? reader
      : null;
  },
  effect(layer, reader, edit) {
    edit.say(`ConstWeightsFusion: Fusing ${layer.name} with ${reader.name}`, reader);
    absorbProducer(edit.graph, reader, reader.inputs.indexOf(layer.output));
    reader.name = `${layer.name} + ${reader.name}`;
  },
});
