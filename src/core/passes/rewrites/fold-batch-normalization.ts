import { foldNormalization } from '../edits/fold-normalization.ts';
import { passDocs } from '../pass-docs.ts';
import type { RewritePass } from '../rewrite-pass.ts';

// TensorRT folds a BatchNormalization into the layer before it by itself, with or without Q/DQ on the weights, for
// convolutions and deconvolutions, also where factors are negative. A model in which that is done has fewer nodes to look
// at, and its weights can be calibrated as they will be used.
export const foldBatchNormalization: RewritePass = {
  id: 'fold-batch-normalization',
  title: 'Fold BatchNormalization into weights and bias',
  summary:
    'The layer before it computes the same with other weights, and its Q/DQ keep their integers',
  group: 'tidy',
  docs: [
    passDocs.fusions('convolution and batch normalization become one layer'),
    passDocs.onnx('BatchNormalization', 'scales and shifts each channel'),
  ],
  evidence: { kind: 'observed', engines: ['deconv_k3_bn_relu', 'conv_bn_relu_fp_then_q'] },
  numerics: 'one-step',
  onRequest: 'TensorRT does it itself; in other runtimes it saves a pass over the tensor',
  opTypes: ['BatchNormalization'],
  check: foldNormalization,
};
