import type { FindingRule } from '../finding.ts';
import { lintDocs } from '../lint-docs.ts';

// INT4 is a storage type of weights: they are unpacked to float in front of the product.
export const int4Activation: FindingRule = {
  id: 'int4-activation',
  severity: 'error',
  title: 'An activation is quantized to INT4',
  docs: [lintDocs.quantizationSchemes('INT4 is for weights only')],
  evidence: { kind: 'documented' },
  consequence: 'No kernel quantizes activations to INT4, and the build fails.',
  advice: 'Keep INT4 for weights, and activations in float or INT8.',
  find: (context) =>
    context.quantizers
      .filter(({ type, kind, onWeight }) => type === 'int4' && kind === 'Q' && !onWeight)
      .map(({ node, data }) => ({
        nodes: [node.name],
        message: `${node.name} quantizes the activation ${data.name} to INT4; TensorRT has INT4 for weights only.`,
        costBytes: context.bytes(data),
        fix: { kind: 'remove-qdq', description: `Remove ${node.name} and its DequantizeLinear.` },
      })),
};
