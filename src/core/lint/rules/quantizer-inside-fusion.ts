import type { Node } from '../../ir/graph.ts';
import type { FindingRule } from '../finding.ts';
import type { Pair } from '../graph-questions.ts';
import { isRelu, isSum, pairBehind, weightedMaker } from '../graph-questions.ts';
import type { LintContext } from '../lint-context.ts';
import { lintDocs } from '../lint-docs.ts';

// Convolution, BatchNorm, ReLU and Add become one layer, and a Pad goes into the convolution behind it, only where no
// Q/DQ stands between them. Where TensorRT fuses them all the same (Q, DQ and ReLU into an epilogue), nothing is said.
export const quantizerInsideFusion: FindingRule = {
  id: 'quantizer-inside-fusion',
  severity: 'warning',
  title: 'Q/DQ stand inside what would be one layer',
  docs: [
    lintDocs.explicitQuantization(
      'no Q/DQ between a convolution and its BatchNorm, activation or Add',
    ),
  ],
  evidence: {
    kind: 'observed',
    engines: ['residual_id_main_relu_c72', 'residual_id_main_norelu_c64'],
  },
  consequence: 'The two run as two layers, with the tensor between them in memory.',
  advice:
    'Move the pair behind the activation, and let Conv, BatchNorm, activation and Add stand together.',
  find: (context) =>
    context.nodes.flatMap((node) => {
      for (const value of node.inputs.slice(0, isSum(node) ? 2 : 1)) {
        const pair = value && pairBehind(value, context);
        const partner = pair && partnerOf(node, pair, context);
        if (!pair || !partner || context.sharesLayer(node, partner)) continue;
        return [
          {
            nodes: [pair.q.node.name, pair.dq.node.name, partner.name, node.name],
            message: `${pair.q.node.name} stands between ${partner.name} and its ${node.opType} ${node.name}, so they run as two layers.`,
            costBytes: context.bytes(pair.q.data),
            fix: {
              kind: 'move-qdq' as const,
              description: `Move ${pair.q.node.name} and ${pair.dq.node.name} behind ${node.name}.`,
            },
          },
        ];
      }
      return [];
    }),
};

/** The node that `node` would join, were the pair not there. */
function partnerOf(node: Node, { q }: Pair, context: LintContext): Node | undefined {
  if (q.data.isGraphOutput || context.readers(q.data).length > 1) return undefined;
  if (node.opType === 'Conv' || node.opType === 'ConvTranspose') {
    const pad = q.data.producer();
    return pad?.opType === 'Pad' ? pad : undefined;
  }
  const joins = isSum(node)
    ? !isTakenOrQuantized(node, context)
    : node.opType === 'BatchNormalization' || isRelu(node);
  return joins ? weightedMaker(q.data, context) : undefined;
}

/** True for a sum that a convolution adds in its epilogue, or whose inputs all have Q/DQ, which is told elsewhere. */
const isTakenOrQuantized = (sum: Node, context: LintContext): boolean =>
  context.runsWithWeights(sum) || sum.inputs.every((value) => value && context.dequantizeOf(value));
