import type { FindingRule } from '../finding.ts';
import { isCopying } from '../graph-questions.ts';
import { lintDocs } from '../lint-docs.ts';
import { shortNumber } from '../wording.ts';

// MaxPool and operators that move elements give out the values that they take in, so their scale cannot change there.
export const unequalScalesAcrossCopy: FindingRule = {
  id: 'unequal-scales-across-copy',
  severity: 'warning',
  title: 'The scale changes across an operator that copies values',
  docs: [lintDocs.explicitQuantization('Q/DQ move over MaxPool, whose values pass unchanged')],
  evidence: {
    kind: 'observed',
    engines: ['pool_MaxPool_both_unequal', 'pool_GlobalMaxPool_both_unequal', 'spp_unequal'],
  },
  consequence: 'Values that only pass through are rounded to another grid, by extra work.',
  advice: 'Use the scale of the input behind the operator too.',
  find: (context) =>
    context.nodes.filter(isCopying).flatMap((node) => {
      const [output] = node.outputs;
      const dq = context.dequantizeOf(node.inputs[0]);
      const q = output && context.quantizesOf(output).find(({ key }) => key !== dq?.key);
      const [from] = dq?.scales ?? [];
      const [to] = q?.scales ?? [];
      if (!dq || dq.onWeight || !q || from === undefined || to === undefined || from === to)
        return [];
      return [
        {
          nodes: [node.name, dq.node.name, q.node.name],
          message: `${node.name} reads scale ${shortNumber(from)} and gives scale ${shortNumber(to)}, though a ${node.opType} changes no value.`,
          costBytes: context.bytes(output, 1),
          fix: {
            kind: 'equalize-scales' as const,
            description: `Give ${q.node.name} the scale ${shortNumber(from)} of ${dq.node.name}.`,
          },
        },
      ];
    }),
};
