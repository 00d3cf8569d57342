import type { FindingRule } from '../finding.ts';
import { lintDocs } from '../lint-docs.ts';
import { shortNumber } from '../wording.ts';

// A DQ right before a Q cancels it when the scales are equal. Otherwise values go from one grid to another.
export const requantization: FindingRule = {
  id: 'requantization',
  severity: 'info',
  title: 'A tensor is quantized again to another scale',
  docs: [lintDocs.explicitQuantization('redundant pairs are erased; unequal ones compute')],
  evidence: { kind: 'inferred', from: 'the builder cancels only DQ and Q of equal scales' },
  consequence: 'Values are rounded twice; the work goes into the layer before it at best.',
  advice: 'Keep one of the two pairs, or give both one scale.',
  find: (context) =>
    context.quantizers.flatMap((q) => {
      const dq = q.kind === 'Q' ? context.dequantizeOf(q.data) : undefined;
      if (!dq || dq.onWeight || dq.key === q.key) return [];
      const [from, to] = [dq.scales?.[0], q.scales?.[0]];
      if (from === undefined || to === undefined) return [];
      return [
        {
          nodes: [q.node.name, dq.node.name],
          message: `${q.node.name} quantizes to scale ${shortNumber(to)} what ${dq.node.name} has just taken from scale ${shortNumber(from)}.`,
          costBytes: context.bytes(q.data, 1),
          fix: {
            kind: 'remove-qdq',
            description: `Remove ${dq.node.name} and the Q before it, or give both one scale.`,
          },
        },
      ];
    }),
};
