import { docs } from '../docs.ts';
import { absorbFollower } from '../graph/edits.ts';
import type { SimLayer } from '../graph/sim-graph.ts';
import { defineSimRule } from '../sim-rule.ts';

// Weights whose layer did not become INT8 take their DQ too: they are rounded to the quantizer's steps and stored as
// float again. The engine's name shows both: `w + QuantizeLinear_3 + DequantizeLinear_3 + Conv_1`.
export const danglingWeightsFusion = defineSimRule<SimLayer>({
  id: 'dangling-weights-fusion',
  pass: 'ConstWeightsQuantizeFusion',
  summary: 'Quantized weights of a layer that stayed float are dequantized at build time',
  docs: [docs.explicitQuantization('Q and DQ over constants are folded')],
  evidence: { kind: 'observed', engines: ['conv_weight_only_q', 'concat_with_input'] },
  kinds: ['CONSTANT'],
  check: (layer) => {
    const dq = layer.output.soleReader();
    return dq?.kind === 'DEQUANTIZE' ? dq : null;
  },
  effect(layer, dq, edit) {
    edit.say(`ConstWeightsQuantizeFusion: Fusing ${layer.name} with ${dq.name}`, layer, dq);
    absorbFollower(edit.graph, layer, dq);
  },
});
