import type { FindingRule } from '../finding.ts';
import { lintDocs } from '../lint-docs.ts';

// ONNX stores deconvolution weights as [input, output / groups, …], so the output axis is 1; versions of TensorRT and of
// the tools disagree about which axis they take.
export const perChannelDeconvolution: FindingRule = {
  id: 'per-channel-deconvolution',
  severity: 'info',
  title: 'Deconvolution weights have a scale for each channel',
  docs: [lintDocs.issue(1694, 'per-channel ConvTranspose weights are taken along axis 0')],
  evidence: { kind: 'documented' },
  consequence: 'Versions disagree about the axis; a build may fail or give wrong numbers.',
  advice:
    'Use one scale for the weights of ConvTranspose, or check the numbers of the built engine.',
  find: (context) =>
    context.nodes
      .filter(({ opType }) => opType === 'ConvTranspose')
      .flatMap((node) => {
        const dq = context.dequantizeOf(node.inputs[1]);
        const count = dq?.scaleDims?.[0] ?? 1;
        if (!dq || count <= 1) return [];
        return [
          {
            nodes: [node.name, dq.node.name],
            message: `${node.name} has ${String(count)} weight scales along axis ${String(dq.axis)}.`,
            fix: {
              kind: 'change-quantizer' as const,
              description: `Quantize the weights of ${node.name} with one scale.`,
            },
          },
        ];
      }),
};
