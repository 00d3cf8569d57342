import { docs } from '../docs.ts';
import { absorbProducer } from '../graph/edits.ts';
import type { SimLayer } from '../graph/sim-graph.ts';
import { defineSimRule, refuse } from '../sim-rule.ts';

// A constant number goes into the element-wise or point-wise layer that reads it. One that several layers read has to be
// copied for each of them first, which happens late (constant-split): until then it keeps its readers out of
// convolutions, and PRelu with a slope per channel stays out for good.
export const pointwiseConstantFusion = defineSimRule<SimLayer>({
  id: 'pointwise-constant-fusion',
  pass: 'PointWiseFusion',
  summary: 'A constant number enters the point-wise layer that reads it',
  docs: [docs.fusions('constants are among the operators of PointWise fusion')],
  evidence: {
    kind: 'observed',
    engines: ['conv_act_GeluErf_q_after', 'conv_act_HardSwishDiv_q_after', 'convnext_atto.convs'],
  },
  kinds: ['CONSTANT'],
  check(layer) {
    const reader = layer.output.readers[0];
    if (!reader || layer.parameters.elements !== 1) return null;
    if (reader.kind !== 'ELEMENTWISE' && reader.kind !== 'POINTWISE') return null;
    return layer.output.soleReader() ? reader : refuse('several layers read this constant', reader);
  },
  effect(layer, reader, edit) {
    edit.say(`PointWiseFusion: Fusing ${layer.name} with ${reader.name}`, reader);
    absorbProducer(edit.graph, reader, reader.inputs.indexOf(layer.output));
    if (reader.kind === 'ELEMENTWISE') reader.name = `PWN(${layer.name}, ${reader.name})`;
    reader.kind = 'POINTWISE';
  },
});
