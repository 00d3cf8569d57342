import { commonQuantize } from '../facts/activation-pairs.ts';
import { quantizesOf, soleUse } from '../facts/closed-uses.ts';
import { isQuantizedConvolution } from '../facts/int8-layers.ts';
import { quantizerFacts } from '../facts/quantizer-facts.ts';
import { isExcluded } from '../is-excluded.ts';
import { passDocs } from '../pass-docs.ts';
import { propose, refuse } from '../rewrite-pass.ts';
import type { RewritePass } from '../rewrite-pass.ts';

// With zero point 0, Q behind Relu and Relu behind Q of the same scale are the same. TensorRT moves the Q of a sole reader
// over the Relu by itself, and the deconvolution leaves in INT8. Where the Relu is read in float too, or at other scales,
// it cannot, and the whole upsampled tensor is written in float: a pair before the Relu, with the widest of the scales,
// cures that. Who read it in float then reads rounded numbers.
export const moveReluBehindQuantizer: RewritePass = {
  id: 'move-relu-behind-quantizer',
  title: 'Quantize a ConvTranspose before its Relu',
  summary:
    'A deconvolution whose Relu has readers that disagree gives INT8 out, with the scale of one of them',
  group: 'place',
  docs: [
    passDocs.explicitQuantization(
      'Q moves back over operators that commute with it, if all readers agree',
    ),
  ],
  evidence: { kind: 'observed', engines: ['deconv_k2_relu_q_after', 'fanout_unequal'] },
  numerics: 'approximate',
  opTypes: ['Relu'],
  check(node, context) {
    const [source] = node.inputs;
    const [output] = node.outputs;
    const maker = source?.producer();
    if (!source || maker?.opType !== 'ConvTranspose' || !isQuantizedConvolution(maker)) return null;
    if (isExcluded(maker, context.settings) || isExcluded(node, context.settings)) return null;
    const quantizes = quantizesOf(output);
    if (quantizes.length === 0 || commonQuantize(output, context)) return null;
    if (soleUse(source) === null) return refuse('the deconvolution has other readers', maker, node);
    const known = quantizes.map((quantize) => ({ quantize, ...quantizerFacts(quantize, context) }));
    const [first = known[0], ...rest] = known.filter((facts) => facts.isPerTensor);
    if (!first?.isPerTensor) return refuse('its quantizers have a scale per channel', ...quantizes);
    if (!known.every(({ isSymmetric }) => isSymmetric))
      return refuse('a zero point is not 0, so that the Q does not commute with it', ...quantizes);
    const widest = rest.reduce((a, b) => ((b.scale ?? 0) > (a.scale ?? 0) ? b : a), first).quantize;
    return propose(`Quantize ${maker.name} before ${node.name}`, [maker, node, widest], () => [
      {
        kind: 'add-pair',
        value: source.name,
        reader: { node: node.name, input: 0 },
        scale: { kind: 'same-as', quantizer: widest.name },
      },
    ]);
  },
};
