import { docs } from '../docs.ts';
import { absorbFollower } from '../graph/edits.ts';
import type { SimLayer } from '../graph/sim-graph.ts';
import { defineSimRule } from '../sim-rule.ts';

// The Q on constant weights is computed while the engine is built: the weights are integers from here on.
export const constWeightsQuantizeFusion = defineSimRule<SimLayer>({
  id: 'const-weights-quantize-fusion',
  pass: 'ConstWeightsQuantizeFusion',
  summary: 'Constant weights take their Q at build time',
  docs: [
    docs.explicitQuantization('weights in high precision are quantized while the engine is built'),
  ],
  evidence: { kind: 'observed', engines: ['conv_k3_relu_chain'] },
  kinds: ['CONSTANT'],
  check: (layer) => {
    const q = layer.output.soleReader();
    return q?.kind === 'QUANTIZE' ? q : null;
  },
  effect(layer, q, edit) {
    edit.say(`ConstWeightsQuantizeFusion: Fusing ${layer.name} with ${q.name}`, layer, q);
    absorbFollower(edit.graph, layer, q);
  },
});
