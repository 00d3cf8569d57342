import { docs } from '../docs.ts';
import { absorbFollower } from '../graph/edits.ts';
import type { SimLayer } from '../graph/sim-graph.ts';
import { defineSimRule } from '../sim-rule.ts';

// The stem of a classification network, an INT8 convolution on an image followed by ReLU and MaxPool 3x3 with stride 2,
// has a kernel of its own. Seen only with a 7x7 kernel, stride 2 and three input channels.
export const convActPoolFusion = defineSimRule<SimLayer>({
  id: 'conv-act-pool-fusion',
  pass: 'ConvActPoolFusion',
  summary: 'Stem convolution, ReLU and MaxPool become one INT8 layer',
  docs: [docs.fusions('convolution, ReLU and max pooling of a stem become one layer')],
  evidence: { kind: 'observed', engines: ['stem_q_after_pool', 'resnet18.short', 'resnet18.fp'] },
  kinds: ['CONVOLUTION'],
  check(layer, { implicitInt8 }) {
    const pool = layer.output.soleReader();
    if (
      !(layer.quantized || implicitInt8) ||
      layer.activation !== 'RELU' ||
      pool?.kind !== 'POOLING' ||
      pool.op !== 'MAX'
    )
      return null;
    const { kernel = [], strides = [], inputChannels = 0 } = layer.parameters;
    const isStem =
      inputChannels <= 4 && kernel.every((k) => k === 7) && strides.every((s) => s === 2);
    const isPool =
      pool.parameters.kernel?.every((k) => k === 3) &&
      pool.parameters.strides?.every((s) => s === 2);
    return isStem && isPool && (implicitInt8 || pool.output.dataType === 'Int8') ? pool : null;
  },
  effect(layer, pool, edit) {
    edit.say(`ConvActPoolFusion: Fusing ${layer.name} with ${pool.name}`, layer, pool);
    absorbFollower(edit.graph, layer, pool);
    layer.op = 'ConvActPool';
  },
});
