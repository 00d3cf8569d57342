import type { SimLayer } from '../graph/sim-graph.ts';
import { docs } from '../docs.ts';
import { absorbFollower } from '../graph/edits.ts';
import { defineSimRule, refuse } from '../sim-rule.ts';

// A convolution that took an Add and the Q behind it still takes a ReLU that a DQ has moved over: all of it is INT8.
export const convPointwiseClipFusion = defineSimRule<SimLayer>({
  id: 'conv-pointwise-clip-fusion',
  pass: 'ConvPointWiseClipFusion',
  summary: 'ReLU behind the Q of a residual Add runs inside the convolution that has the Add',
  docs: [docs.fusions('convolution and ReLU become one layer')],
  evidence: { kind: 'observed', engines: ['resnet18.opt2', 'resnet50.opt2'] },
  kinds: ['CONVOLUTION'],
  check(layer) {
    const act = layer.output.readers.find((reader) => reader.kind === 'POINTWISE');
    if (act?.op !== 'Relu' || act.inputs.length !== 1) return null;
    if (!layer.quantized || !layer.hasResidual || layer.activation) return null;
    if (layer.output.dataType !== 'Int8' || act.output.dataType !== 'Int8') return null;
    return layer.output.soleReader() === act
      ? act
      : refuse('the convolution has other readers beside the activation', layer);
  },
  effect(layer, act, edit) {
    edit.say(`ConvPointWiseClipFusion: Fusing ${layer.name} with ${act.name}`, layer, act);
    absorbFollower(edit.graph, layer, act);
    layer.activation = 'RELU';
  },
});
