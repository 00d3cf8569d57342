import { docs } from '../docs.ts';
import { absorbFollower } from '../graph/edits.ts';
import { dequantizeOf, isWeightTensor, soleQuantize } from '../graph/queries.ts';
import type { SimLayer } from '../graph/sim-graph.ts';
import type { SimContext } from '../sim-rule.ts';
import { defineSimRule, refuse } from '../sim-rule.ts';
import { compareVersions } from '../target.ts';

// A point-wise layer of one input runs in the epilogue of a convolution; with Q/DQ in the network only of one that INT8
// goes into. INT8 comes out where a Q follows as the only reader, or the layer is INT8 already. Float may come out too
// (mobilenet_v3_small.convs, its last convolution), but not of SiLU, whose dedicated kernels give INT8 only
// (efficientnet_b0.opt), and not of the network (conv_act_Elu_fp_out). Without Q/DQ it is done in FP16 and in implicit
// INT8 (public logs of YOLO engines). Deconvolutions have no such kernels. Depthwise convolutions have them in INT8 from
// TensorRT 10 on (8.x kept the two apart, issue 3205), and so has the first layer of an image network, but both for SiLU
// alone: hard-swish and LeakyReLU stay apart there (mobilenet_v3_small.opt, cspresnet50.convs). Fewer than 32 channels on
// both sides are too few (yolov5n, block c2), and so are up to 4 into a 1x1 kernel (efficientnet_b0, the narrowest gate).
export const genericConvActFusion = defineSimRule<SimLayer>({
  id: 'generic-conv-act-fusion',
  pass: 'GenericConvActFusion',
  summary: 'A point-wise activation runs inside the INT8 convolution before it',
  docs: [docs.fusions('convolution and generic activation become one layer')],
  evidence: {
    kind: 'observed',
    engines: [
      'conv_act_SiLU_q_after',
      'silu_before_sigmoid_mul_in_same',
      'yolov5n.convs',
      'efficientnet_b0.mo',
    ],
  },
  kinds: ['CONVOLUTION'],
  check(layer, context) {
    const act = layer.output.readers.find((reader) => reader.kind === 'POINTWISE');
    if (!act || layer.activation || act.inputs.length !== 1) return null;
    // a sum in INT8 takes an activation that is INT8 too (cspresnet50.opt)
    if (layer.hasResidual && !(layer.quantized && act.quantized)) return null;
    if (layer.output.soleReader() !== act)
      return refuse('the convolution has other readers beside the activation', layer);
    if (
      isDepthwise(layer) &&
      !(context.explicit && compareVersions(context.target.trt, '10.0') >= 0)
    )
      return refuse('depthwise kernels take no activation but ReLU', layer);
    return context.explicit ? fusesInInt8(layer, act) : fusesInFloat(act, context);
  },
  effect(layer, act, edit) {
    edit.say(`GenericConvActFusion: Fusing ${layer.name} with ${act.name}`, layer, act);
    absorbFollower(edit.graph, layer, act);
    layer.activation =
      act.op === 'Swish' && !layer.quantized ? 'SWISH' : act.op === 'Relu' ? 'RELU' : 'GENERIC';
  },
});

function fusesInInt8(layer: SimLayer, act: SimLayer) {
  if (!isInt8Convolution(layer)) return refuse('the convolution does not run in INT8', layer);
  const givesInt8 = act.quantized || soleQuantize(act.output) !== null;
  if (!givesInt8 && act.op === 'Swish')
    return refuse('no Q follows SiLU as its only reader: INT8 kernels with it give INT8 out', act);
  if (!givesInt8 && act.output.isOutput)
    return refuse('no Q follows the activation, which is an output of the network', act);
  if (act.op !== 'Swish' && (isDepthwise(layer) || readsImage(layer)))
    return refuse('depthwise and first layers have kernels with ReLU and SiLU only', layer, act);
  if (hasFewChannels(layer))
    return refuse('too few channels: no kernel with a generic activation', layer);
  return act;
}

function fusesInFloat(act: SimLayer, { target, implicitInt8 }: SimContext) {
  const half = target.mode === 'fp16' || implicitInt8;
  return half ? act : refuse('in FP32 there is no kernel with a generic activation', act);
}

const isInt8Convolution = (layer: SimLayer): boolean =>
  layer.quantized || (dequantizeOf(layer.inputs[0]) !== null && isWeightTensor(layer.inputs[1]));

const isDepthwise = ({ parameters: { groups = 1, inputChannels = 0 } }: SimLayer): boolean =>
  groups > 1 && groups === inputChannels;

/** Images have three or four channels and first layers of their own, whose windows are larger than a pixel. */
const readsImage = ({ parameters: { inputChannels = 32, kernel = [] } }: SimLayer): boolean =>
  inputChannels <= 4 && kernel.some((size) => size > 1);

function hasFewChannels(layer: SimLayer): boolean {
  const { inputChannels = 32, outputChannels = 32 } = layer.parameters;
  if (inputChannels <= 4) return !readsImage(layer);
  return inputChannels < 32 && outputChannels < 32;
}
