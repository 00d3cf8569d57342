import { soleUse } from '../facts/closed-uses.ts';
import { isQuantizedConvolution } from '../facts/int8-layers.ts';
import { passDocs } from '../pass-docs.ts';
import { propose, refuse } from '../rewrite-pass.ts';
import type { RewritePass } from '../rewrite-pass.ts';

// No INT8 deconvolution takes a Relu, so it is a layer over the upsampled tensor. Decoders train as well without it, or
// with it before the deconvolution. That is another network: it has to be trained or validated again.
export const dropDeconvolutionRelu: RewritePass = {
  id: 'drop-deconvolution-relu',
  title: 'Leave out the Relu behind an INT8 ConvTranspose',
  summary: 'The deconvolution gives INT8 to the next layer without a point-wise layer in between',
  group: 'tidy',
  docs: [passDocs.fusions('ReLU joins convolutions; behind a quantized deconvolution it stays')],
  evidence: { kind: 'observed', engines: ['deconv_k2_relu_q_after', 'deconv_k2_q_after'] },
  numerics: 'approximate',
  onRequest: 'it changes what the network computes, so that it has to be trained again',
  opTypes: ['Relu'],
  check(node) {
    const [source] = node.inputs;
    const maker = source?.producer();
    if (maker?.opType !== 'ConvTranspose' || !isQuantizedConvolution(maker)) return null;
    if (soleUse(source) === null) return refuse('the deconvolution has other readers', maker, node);
    return propose(`Take ${node.name} out behind ${maker.name}`, [node, maker], () => [
      { kind: 'remove-relu', node: node.name },
    ]);
  },
};
