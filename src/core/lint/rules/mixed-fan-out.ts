import type { FindingRule } from '../finding.ts';
import { isQuantizer } from '../lint-context.ts';
import { isSum } from '../graph-questions.ts';
import { lintDocs } from '../lint-docs.ts';
import { byteText, listed } from '../wording.ts';

// A Q moves up into the layer that makes its tensor only when every reader is quantized alike. A shortcut that an Add
// reads in float is told by float-residual.
export const mixedFanOut: FindingRule = {
  id: 'mixed-fan-out',
  severity: 'warning',
  title: 'Some readers of a tensor are quantized, others not',
  docs: [lintDocs.explicitQuantization('a Q moves up only if all readers agree')],
  evidence: { kind: 'observed', engines: ['silu_mul_in_unequal', 'yolov5n.convs'] },
  consequence: 'The layer before it gives float out, and the Q runs as a layer of its own.',
  advice: 'Put Q/DQ of the same scale on the other readers too, or on none.',
  find: (context) =>
    [...context.graph.values()].flatMap((value) => {
      const maker = value.producer();
      if (!maker || isQuantizer(maker) || context.isConstant(value)) return [];
      const [q] = context.quantizesOf(value);
      if (!q || !context.survives(q.node)) return [];
      const others = context
        .readers(value)
        .filter((node) => !isQuantizer(node) && node.opType !== 'Shape');
      const blocking = others.filter((node) => !isSum(node));
      if (blocking.length === 0) return [];
      const costBytes = context.bytes(value);
      const names = blocking.map(({ name }) => name);
      return [
        {
          nodes: [maker.name, q.node.name, ...names],
          message: `${value.name} is read by ${q.node.name} and in float by ${listed(names)}, so ${maker.name} gives float out (${byteText(costBytes)} in FP32).`,
          costBytes,
          fix: {
            kind: 'add-qdq' as const,
            description: `Quantize ${value.name} for ${listed(names)} with the scale of ${q.node.name}.`,
          },
        },
      ];
    }),
};
