import type { FindingRule } from '../finding.ts';
import { lintDocs } from '../lint-docs.ts';

// Scales are baked into kernels. Block quantization of FP4 and MXFP8 has scales of its own, made while it runs.
export const variableScale: FindingRule = {
  id: 'variable-scale',
  severity: 'error',
  title: 'A scale is computed while the network runs',
  docs: [lintDocs.explicitQuantization('scales are constants of the network')],
  evidence: { kind: 'documented' },
  consequence: 'TensorRT needs the number when it builds, and refuses the network.',
  advice:
    'Calibrate and store the scale as a constant; dynamic quantization exists for FP4 and MXFP8 alone.',
  find: (context) =>
    context.quantizers
      .filter(
        ({ scale, type, node }) => !context.isConstant(scale) && !isDynamic(type, node.opType),
      )
      .map(({ node, scale, data }) => ({
        nodes: [node.name],
        message: `The scale of ${node.name}, ${scale.name}, comes from ${scale.producer()?.name ?? 'an input of the network'} and not from a constant.`,
        fix: {
          kind: 'change-quantizer',
          description: `Store a calibrated scale for ${data.name}.`,
        },
      })),
};

const isDynamic = (type: string | undefined, opType: string): boolean =>
  type === 'float4e2m1' || opType.includes('MXFP8');
