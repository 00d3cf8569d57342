import { boundsOf } from '../facts/value-bounds.ts';
import { passDocs } from '../pass-docs.ts';
import { propose } from '../rewrite-pass.ts';
import type { RewritePass } from '../rewrite-pass.ts';

// A Relu that never sees a negative number computes nothing, but it is a layer wherever no convolution takes it, and all
// over the upsampled tensor behind a deconvolution.
export const removeIdleRelu: RewritePass = {
  id: 'remove-idle-relu',
  title: 'Take out a Relu that changes nothing',
  summary:
    'A Relu whose input is proved never to be negative goes, and the layer that it is with it',
  group: 'tidy',
  docs: [
    passDocs.onnx('Relu', 'the greater of 0 and the input'),
    passDocs.fusions('activations that no layer takes are layers of their own'),
  ],
  evidence: { kind: 'observed', engines: ['deconv_k2_relu_q_after', 'deconv_k3_relu_q_after'] },
  numerics: 'bit-exact',
  opTypes: ['Relu'],
  check(node, context) {
    if (boundsOf(node.inputs[0], context).min < 0) return null;
    return propose(`Take ${node.name} out: its input is never negative`, [node], () => [
      { kind: 'bypass-node', node: node.name },
    ]);
  },
};
