import type { Node } from '../../ir/graph.ts';
import { attrInts } from '../../ir/node-attributes.ts';
import type { FindingRule } from '../finding.ts';
import { floatText, isFloat } from '../graph-questions.ts';
import { lintDocs } from '../lint-docs.ts';

// Pooling over the whole plane runs in INT8 when Q/DQ stand on both sides; without, the INT8 tensor before it is turned
// to float, which is many times larger than what the pooling gives out.
export const floatGlobalPooling: FindingRule = {
  id: 'float-global-pooling',
  severity: 'info',
  title: 'A global average between INT8 layers runs in float',
  docs: [
    lintDocs.explicitQuantization('average pooling runs in INT8 with DQ before and Q behind it'),
  ],
  evidence: { kind: 'observed', engines: ['pool_GlobalAveragePool_after', 'se_convs'] },
  consequence: 'The layer before it gives float out, or a DQ runs over the whole tensor.',
  advice: 'Put Q/DQ before and behind the pooling.',
  find: (context) =>
    context.nodes.filter(isGlobalAverage).flatMap((node) => {
      const layer = context.layer(node);
      const between = context.isQuantizedBefore(node) && context.isQuantizedLater(node);
      if (!isFloat(layer) || !between) return [];
      return [
        {
          nodes: [node.name],
          message: `${node.name} runs in ${floatText(layer)} between INT8 layers.`,
          costBytes: context.bytes(node.inputs[0] ?? undefined),
          fix: {
            kind: 'add-qdq' as const,
            description: `Add Q/DQ before and behind ${node.name}.`,
          },
        },
      ];
    }),
};

function isGlobalAverage(node: Node): boolean {
  if (node.opType === 'GlobalAveragePool') return true;
  const axes = attrInts(node, 'axes');
  return node.opType === 'ReduceMean' && axes?.length === 2 && axes.every((a) => a >= 2 || a < 0);
}
