import type { FindingRule } from '../finding.ts';
import { isInt8 } from '../graph-questions.ts';
import { lintDocs } from '../lint-docs.ts';
import { byteText } from '../wording.ts';

// Deconvolution kernels have no ReLU in their INT8 epilogue; the ReLU is a layer that reads and writes the larger tensor.
export const deconvolutionRelu: FindingRule = {
  id: 'deconvolution-relu',
  severity: 'warning',
  title: 'An activation behind an INT8 ConvTranspose',
  docs: [lintDocs.issue(4366, 'ConvTranspose and activation are not merged with Q/DQ')],
  evidence: { kind: 'observed', engines: ['deconv_k2_relu_q_after', 'deconv_k3_relu_q_after'] },
  consequence: 'The activation is a layer of its own over the upsampled tensor.',
  advice: 'Leave the activation out behind ConvTranspose, or put it before it.',
  find: (context) =>
    context.nodes
      .filter(({ opType }) => opType === 'ConvTranspose')
      .flatMap((node) => {
        const follower = context.soleReader(node);
        const batchNorm = follower?.opType === 'BatchNormalization' ? follower : undefined;
        const activation = batchNorm ? context.soleReader(batchNorm) : follower;
        if (!activation || !ACTIVATIONS.has(activation.opType)) return [];
        const [a, b] = [context.layer(node), context.layer(activation)];
        if (!isInt8(a) || !b || a === b) return [];
        const costBytes = context.bytes(activation.outputs[0]);
        return [
          {
            nodes: [activation.name, node.name],
            message: `${activation.name} is a layer of its own (${byteText(costBytes)} in FP32): ${node.name}, a ConvTranspose, takes no ${activation.opType} in INT8.`,
            costBytes,
            fix: {
              kind: 'replace-operator' as const,
              description: `Train without ${activation.name}, or move it before ${node.name}.`,
            },
          },
        ];
      }),
};

const ACTIVATIONS: ReadonlySet<string> = new Set([
  'Relu',
  'Clip',
  'LeakyRelu',
  'PRelu',
  'Elu',
  'Sigmoid',
]);
