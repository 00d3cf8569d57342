import { docs } from '../docs.ts';
import { absorbFollower } from '../graph/edits.ts';
import { dataInputs } from '../graph/queries.ts';
import type { SimLayer } from '../graph/sim-graph.ts';
import { defineSimRule, refuse } from '../sim-rule.ts';

// The ReLU behind a residual Add joins it first, so that both can enter a convolution together.
export const eltReluFusion = defineSimRule<SimLayer>({
  id: 'elt-relu-fusion',
  pass: 'EltReluFusion',
  summary: 'ReLU joins the element-wise sum before it',
  docs: [docs.fusions('element-wise sum and ReLU become one layer')],
  evidence: { kind: 'observed', engines: ['residual_id_short_after_relu_c64'] },
  kinds: ['ELEMENTWISE'],
  check(layer) {
    if (layer.op !== 'SUM' || layer.activation || dataInputs(layer).length < 2) return null;
    const relu = layer.output.readers.find(
      (reader) => reader.kind === 'ACTIVATION' && reader.op === 'Relu',
    );
    if (!relu) return null;
    return layer.output.soleReader()
      ? relu
      : refuse('the sum has other readers beside the ReLU', layer);
  },
  effect(layer, relu, edit) {
    edit.say(`EltReluFusion: Fusing ${layer.name} with ${relu.name}`, layer, relu);
    absorbFollower(edit.graph, layer, relu);
    layer.activation = 'RELU';
  },
});
