import { wholePair } from '../facts/activation-pairs.ts';
import { mayUseInt8, needsQuantizer } from '../facts/int8-neighbours.ts';
import { passDocs } from '../pass-docs.ts';
import { propose, refuse } from '../rewrite-pass.ts';
import type { RewritePass } from '../rewrite-pass.ts';

// A pair whose readers all compute in float gives nothing: its DQ is a layer, its Q another or part of a convolution that
// would rather give float. It stays where the layer before it is INT8, or one layer, only because a Q follows.
export const removeLonePair: RewritePass = {
  id: 'remove-lone-pair',
  title: 'Take out a Q/DQ pair that no layer can use',
  summary: 'Q and DQ between layers that compute in float are two layers for nothing',
  group: 'tidy',
  docs: [
    passDocs.explicitQuantization('Q/DQ layers that cannot be fused run as layers of their own'),
  ],
  evidence: { kind: 'observed', engines: ['move_Softmax_before', 'move_SliceHW_before'] },
  numerics: 'approximate',
  opTypes: ['QuantizeLinear'],
  check(node, context) {
    const pair = wholePair(node, context);
    if (!pair) return null;
    const values = pair.dequantizers.flatMap(({ outputs }) => outputs);
    const uses = values.flatMap((value) => value.uses());
    if (uses.length === 0 || values.some((value) => value.isGraphOutput)) return null;
    if (uses.some((use) => mayUseInt8(use, context))) return null;
    const maker = pair.source.producer();
    if (needsQuantizer(pair.source, context))
      return refuse('the layer before it is quantized because of it', node, maker);
    return propose(`Take ${node.name} out: only float reads it`, [node], () => [
      { kind: 'remove-pair', quantize: node.name },
    ]);
  },
};
