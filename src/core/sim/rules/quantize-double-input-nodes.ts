import { docs } from '../docs.ts';
import { absorbFollower, absorbProducer } from '../graph/edits.ts';
import {
  dequantizeOf,
  isConvolution,
  isWeightTensor,
  otherReaders,
  soleQuantize,
} from '../graph/queries.ts';
import type { SimLayer } from '../graph/sim-graph.ts';
import type { SimEdit } from '../sim-rule.ts';
import { defineSimRule, refuse } from '../sim-rule.ts';

// A layer with two operands takes the DQs in front of both: a convolution those of its input and weights, an
// element-wise layer those of its operands, which also needs a Q behind it. A Q that is the only reader moves in too:
// the layer then gives INT8 out. With a Q and another reader it leaves in float and the Q stays a layer of its own.
export const quantizeDoubleInputNodes = defineSimRule<SimLayer | true>({
  id: 'quantize-double-input-nodes',
  pass: 'QuantizeDoubleInputNodes',
  summary: 'A convolution or element-wise layer takes the DQs before it and the Q behind it',
  docs: [
    docs.explicitQuantization(
      'DQ on all inputs of a weighted layer makes it INT8; a Q behind it joins its epilogue',
    ),
  ],
  evidence: {
    kind: 'observed',
    engines: ['conv_k3_relu_chain', 'fanout_unequal', 'eltwise_Mul_both_equal', 'conv_act_only_q'],
  },
  kinds: ['CONVOLUTION', 'DECONVOLUTION', 'ELEMENTWISE'],
  check(layer) {
    if (layer.quantized || layer.inputs.length !== 2) return convolutionWithoutWeightsQ(layer);
    const [first, second] = layer.inputs.map(dequantizeOf);
    if (!isConvolution(layer)) return first && second ? soleQuantize(layer.output) : null;
    if (!isWeightTensor(layer.inputs[1])) return null;
    if (!first || !second) return refuse('its weights have Q/DQ, its input has none', layer);
    return soleQuantize(layer.output) ?? true;
  },
  effect(layer, q, edit) {
    const { graph } = edit;
    if (q === true) declineQ(layer, edit);
    else {
      edit.say(`QuantizeDoubleInputNodes: fusing ${q.name} into ${layer.name}`, layer, q);
      absorbFollower(graph, layer, q, layer.name);
    }
    const names = layer.inputs.slice(0, 2).map((tensor) => tensor.producer?.name ?? '');
    edit.say(`QuantizeDoubleInputNodes: fusing (${names.join(' and ')}) into ${layer.name}`, layer);
    absorbProducer(graph, layer, 0);
    absorbProducer(graph, layer, 1);
    layer.quantized = true;
  },
});

function convolutionWithoutWeightsQ(layer: SimLayer) {
  const act = isConvolution(layer) && !layer.quantized ? dequantizeOf(layer.inputs[0]) : null;
  return act ? refuse('its input has Q/DQ, its weights have none', layer, act) : null;
}

/** A Q reads the result, but not alone: it stays a layer, and the result is float. */
function declineQ(layer: SimLayer, edit: SimEdit): void {
  for (const q of layer.output.readers.filter((reader) => reader.kind === 'QUANTIZE')) {
    const others = otherReaders(layer.output, q).map((reader) => reader.name);
    const reason =
      others.length > 0 ? `also read by ${others.join(', ')}` : 'also an output of the network';
    edit.decline(`${q.name} stays a layer: ${layer.output.name} is ${reason}`, q, layer);
  }
}
