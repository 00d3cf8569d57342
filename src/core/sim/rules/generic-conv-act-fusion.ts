import { docs } from '../docs.ts';
import { absorbFollower } from '../graph/edits.ts';
import { dequantizeOf, isWeightTensor, soleQuantize } from '../graph/queries.ts';
import type { SimLayer } from '../graph/sim-graph.ts';
import { defineSimRule, refuse } from '../sim-rule.ts';

// A point-wise layer of one input runs in the epilogue of an INT8 convolution, if INT8 comes out: a Q must follow as its
// only reader, or the layer must be INT8 already. With a float result the two stay apart (conv_act_Elu_fp_out).
// Deconvolutions have no such kernels. Sixteen channels in and out are too few (yolov5n, block c2).
export const genericConvActFusion = defineSimRule<SimLayer>({
  id: 'generic-conv-act-fusion',
  pass: 'GenericConvActFusion',
  summary: 'A point-wise activation runs inside the INT8 convolution before it',
  docs: [docs.fusions('convolution and generic activation become one layer')],
  evidence: {
    kind: 'observed',
    engines: ['conv_act_SiLU_q_after', 'silu_before_sigmoid_mul_in_same', 'yolov5n.convs'],
  },
  kinds: ['CONVOLUTION'],
  check(layer) {
    const act = layer.output.readers.find((reader) => reader.kind === 'POINTWISE');
    if (!act || layer.activation || layer.hasResidual) return null;
    if (act.inputs.length !== 1) return null;
    if (layer.output.isOutput || layer.output.readers.some((reader) => reader !== act))
      return refuse('the convolution has other readers beside the activation', layer);
    return canFuse(layer, act);
  },
  effect(layer, act, edit) {
    edit.say(`GenericConvActFusion: Fusing ${layer.name} with ${act.name}`, layer, act);
    absorbFollower(edit.graph, layer, act);
    layer.activation =
      act.op === 'Swish' && !layer.quantized ? 'SWISH' : act.op === 'Relu' ? 'RELU' : 'GENERIC';
  },
});

function canFuse(layer: SimLayer, act: SimLayer) {
  if (!isInt8Convolution(layer)) return refuse('the convolution does not run in INT8', layer);
  if (!act.quantized && !soleQuantize(act.output))
    return refuse(
      'no Q follows the activation as its only reader: INT8 kernels with it give INT8 out',
      act,
    );
  if (tooFewChannels(layer))
    return refuse('no INT8 kernel with a generic activation for 16 channels in and out', layer);
  return act;
}

const isInt8Convolution = (layer: SimLayer): boolean =>
  layer.quantized || (dequantizeOf(layer.inputs[0]) !== null && isWeightTensor(layer.inputs[1]));

const tooFewChannels = ({
  parameters: { inputChannels = 32, outputChannels = 32 },
}: SimLayer): boolean => inputChannels === 16 && outputChannels === 16;
