import { docs } from '../docs.ts';
import { absorbProducer } from '../graph/edits.ts';
import { defineSimRule, refuse } from '../sim-rule.ts';

// Zero padding before a convolution becomes part of it, if nothing stands between the two. A DQ that stood there has
// moved over the Pad and into the convolution before.
export const sliceConvolutionFusion = defineSimRule<true>({
  id: 'slice-convolution-fusion',
  pass: 'SliceConvolutionFusion',
  summary: 'A zero Pad runs inside the convolution behind it',
  docs: [docs.fusions('padding and convolution become one layer when all padding is zero')],
  evidence: { kind: 'observed', engines: ['move_Pad_before'] },
  kinds: ['CONVOLUTION', 'DECONVOLUTION'],
  check(layer) {
    const pad = layer.producer;
    if (pad?.kind !== 'SLICE' || pad.op !== 'Pad') return null;
    if (pad.parameters.fill !== 0) return refuse('the padding is not made of zeros', pad);
    return pad.output.soleReader() ? true : refuse('the padded tensor has other readers', pad);
  },
  effect(layer, _, edit) {
    const pad = layer.producer;
    edit.say(`SliceConvolutionFusion: Fusing ${pad?.name ?? ''} with ${layer.name}`, layer);
    absorbProducer(edit.graph, layer, 0);
    layer.name = `${pad?.name ?? ''} + ${layer.name}`;
  },
});
