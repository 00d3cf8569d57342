import type { FindingRule } from '../finding.ts';
import { lintDocs } from '../lint-docs.ts';
import { listed, shortNumber } from '../wording.ts';

// Qs of one tensor with equal scales become one; with different scales each makes its own INT8 copy.
export const duplicateQuantizers: FindingRule = {
  id: 'duplicate-quantizers',
  severity: 'info',
  title: 'A tensor is quantized with several scales',
  docs: [lintDocs.explicitQuantization('quantizers of one tensor should agree')],
  evidence: {
    kind: 'observed',
    engines: ['fanout_unequal', 'siblings_unequal_input_q', 'residual_shared_own_q_other_scale'],
  },
  consequence: 'There is an INT8 copy for each scale, and at most one of them is free.',
  advice: 'Give all quantizers of the tensor one scale.',
  find: (context) =>
    [...context.graph.values()].flatMap((value) => {
      if (context.isConstant(value)) return [];
      const quantizers = context.quantizesOf(value);
      if (new Set(quantizers.map(({ key }) => key)).size < 2) return [];
      const scales = [...new Set(quantizers.flatMap(({ scales: s }) => s?.[0] ?? []))];
      const names = quantizers.map(({ node }) => node.name);
      return [
        {
          nodes: names,
          message: `${listed(names)} quantize ${value.name} ${scales.length > 1 ? `with scales ${listed(scales.map(shortNumber), 4)}` : 'in different ways'}.`,
          costBytes: context.bytes(value, 1) * (quantizers.length - 1),
          fix: {
            kind: 'equalize-scales' as const,
            description: `Give ${listed(names)} one scale${scales.length > 1 ? `: ${shortNumber(Math.max(...scales))}` : ''}.`,
          },
        },
      ];
    }),
};
