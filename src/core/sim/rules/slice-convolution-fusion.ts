import { docs } from '../docs.ts';
import { absorbProducer } from '../graph/edits.ts';
import { isConvolution } from '../graph/queries.ts';
import type { SimLayer } from '../graph/sim-graph.ts';
import { defineSimRule, refuse } from '../sim-rule.ts';

// Zero padding before a convolution becomes part of it, if nothing stands between the two. A DQ that stood there has
// moved over the Pad and into the convolution before.
export const sliceConvolutionFusion = defineSimRule<SimLayer>({
  id: 'slice-convolution-fusion',
  pass: 'SliceConvolutionFusion',
  summary: 'A zero Pad runs inside the convolution behind it',
  docs: [docs.fusions('padding and convolution become one layer when all padding is zero')],
  evidence: { kind: 'observed', engines: ['move_Pad_before'] },
  kinds: ['SLICE'],
  check(layer) {
    if (layer.op !== 'Pad') return null;
    const reader = layer.output.readers.find(isConvolution);
    if (reader?.input !== layer.output) return null;
    if (layer.parameters.fill !== 0) return refuse('the padding is not made of zeros', layer);
    return layer.output.soleReader()
      ? reader
      : refuse('the padded tensor has other readers', layer);
  },
  effect(layer, reader, edit) {
    edit.say(`SliceConvolutionFusion: Fusing ${layer.name} with ${reader.name}`, layer, reader);
    absorbProducer(edit.graph, reader, 0);
    reader.name = `${layer.name} + ${reader.name}`;
  },
});
