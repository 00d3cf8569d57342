import type { FindingRule } from '../finding.ts';
import { isSum, pairBehind, weightedMaker } from '../graph-questions.ts';
import { lintDocs } from '../lint-docs.ts';
import { byteText } from '../wording.ts';

// With Q/DQ on both inputs the convolution ends with its own Q, and the sum becomes a point-wise layer that reads two
// INT8 tensors and writes a third.
export const doublyQuantizedSum: FindingRule = {
  id: 'doubly-quantized-sum',
  severity: 'warning',
  title: 'Both inputs of an Add behind a convolution have Q/DQ',
  docs: [
    lintDocs.explicitQuantization(
      'quantize the shortcut; the convolution then adds in its epilogue',
    ),
  ],
  evidence: {
    kind: 'observed',
    engines: ['residual_id_both_after_relu_c72', 'residual_down_both_relu_c64'],
  },
  consequence: 'The Add is a layer of its own instead of the end of the convolution.',
  advice: 'Remove the Q/DQ on the input that comes from the convolution.',
  find: (context) =>
    context.nodes.filter(isSum).flatMap((sum) => {
      const pairs = sum.inputs.map((value) => value && pairBehind(value, context));
      if (pairs.length !== 2 || pairs.some((pair) => !pair)) return [];
      for (const pair of pairs) {
        const conv = pair && weightedMaker(pair.q.data, context);
        if (!pair || !conv || context.readers(pair.q.data).length > 1) continue;
        if (context.sharesLayer(sum, conv)) return [];
        const costBytes = context.bytes(sum.outputs[0], 1) * 3;
        return [
          {
            nodes: [sum.name, conv.name, pair.q.node.name],
            message: `${sum.name} has Q/DQ on both inputs, so it runs behind ${conv.name} as a layer of its own (${byteText(costBytes)} read and written in INT8).`,
            costBytes,
            fix: {
              kind: 'remove-qdq' as const,
              description: `Remove ${pair.q.node.name} and ${pair.dq.node.name} between ${conv.name} and ${sum.name}.`,
            },
          },
        ];
      }
      return [];
    }),
};
