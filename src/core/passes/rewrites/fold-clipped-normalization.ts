import { foldNormalization } from '../edits/fold-normalization.ts';
import { soleUse } from '../facts/closed-uses.ts';
import { isQuantizedConvolution } from '../facts/int8-layers.ts';
import { isReluLike } from '../facts/layer-kinds.ts';
import { passDocs } from '../pass-docs.ts';
import type { RewritePass } from '../rewrite-pass.ts';

// The builder looks for the activation of a convolution before it folds a BatchNormalization into quantized weights. A
// Relu takes the way over the BatchNormalization; a Clip from 0 (ReLU6) does not, and stays a layer of its own where a
// convolution that follows directly would take it. So networks of the MobileNet kind gain by folding first.
export const foldClippedNormalization: RewritePass = {
  id: 'fold-clipped-normalization',
  title: 'Fold BatchNormalization between a quantized convolution and its ReLU6',
  summary: 'The convolution then takes the Clip, which would be a layer of its own',
  group: 'tidy',
  docs: [passDocs.fusions('convolutions take ReLU and a Clip that starts at 0')],
  evidence: { kind: 'inferred', from: 'the order of the builder’s passes' },
  numerics: 'one-step',
  opTypes: ['BatchNormalization'],
  check(node, context) {
    const [source] = node.inputs;
    const clip = soleUse(node.outputs[0])?.node;
    if (clip?.opType !== 'Clip' || !isReluLike(clip, context)) return null;
    const maker = source?.producer();
    if (maker?.opType !== 'Conv' || !isQuantizedConvolution(maker)) return null;
    return foldNormalization(node, context);
  },
};
