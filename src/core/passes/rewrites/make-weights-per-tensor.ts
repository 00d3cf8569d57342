import { isSymmetric, pairGroup, quantizerParts } from '../facts/quantizer-parts.ts';
import { floatsOf } from '../facts/weight-numbers.ts';
import type { GraphEdit } from '../graph-edit.ts';
import { NewConstants } from '../edits/new-constants.ts';
import { passDocs } from '../pass-docs.ts';
import { setInt8Scale } from '../edits/retype-pair.ts';
import { propose, Refusal } from '../rewrite-pass.ts';
import type { RewritePass } from '../rewrite-pass.ts';

// For kernels and tools that take one scale only: the greatest, which covers all channels.
export const makeWeightsPerTensor: RewritePass = {
  id: 'make-weights-per-tensor',
  title: 'Give weights one scale',
  summary:
    'Weights with a scale for each channel get one for all, the greatest: coarser, for kernels that know no other',
  group: 'normalize',
  docs: [passDocs.quantizationSchemes('weights have one scale, or one for each channel')],
  evidence: { kind: 'documented' },
  numerics: 'approximate',
  onRequest: 'channels with small weights lose precision, and TensorRT takes a scale for each',
  opTypes: ['QuantizeLinear'],
  check(node, context) {
    const parts = quantizerParts(node, context);
    if (parts?.type !== 'int8' || !isSymmetric(parts) || parts.scales.length === 1) return null;
    if (!floatsOf(parts, context)) return null;
    const group = pairGroup(parts, context);
    if (group instanceof Refusal) return group;
    const text = `Give ${parts.data.name} one scale instead of ${String(parts.scales.length)}`;
    return propose(text, [node, ...group.dequantizers.map((each) => each.node)], () => {
      const constants = new NewConstants(context);
      const greatest = parts.scales.reduce((a, b) => Math.max(a, b));
      const edits = [parts, ...group.dequantizers].flatMap((each): GraphEdit[] => [
        ...setInt8Scale(each, [greatest], constants, '_per_tensor'),
        { kind: 'set-attributes', node: each.node.name, attributes: { axis: null } },
      ]);
      return [...constants.edits, ...edits];
    });
  },
};
