import type { Node, Value } from '../../ir/graph.ts';
import { isQuantizeNode } from '../../ir/quantizer-nodes.ts';
import { pairBefore } from '../facts/activation-pairs.ts';
import { dataInputs, pairAbove } from '../facts/copying-nodes.ts';
import { quantizerKey } from '../facts/quantizer-facts.ts';
import { shareOneScale } from '../facts/scale-group.ts';
import { passDocs } from '../pass-docs.ts';
import { Refusal, propose } from '../rewrite-pass.ts';
import type { RewritePass } from '../rewrite-pass.ts';

// In a bottleneck (YOLO's, and any residual block) one tensor goes into the first convolution and into the Add. A quantizer
// of its own for the Add, with another scale, makes two Q layers and leaves the layer above in float. It is one tensor with
// one range: calibrated apart, the two scales differ by chance only, so the wider one serves both.
export const shareBottleneckScale: RewritePass = {
  id: 'share-bottleneck-scale',
  title: 'Let a residual Add share the quantizer of the convolution beside it',
  summary: 'The tensor is quantized once, inside the layer that makes it',
  group: 'place',
  docs: [
    passDocs.explicitQuantization('quantizers of one tensor merge only if their scales are equal'),
  ],
  evidence: {
    kind: 'observed',
    engines: [
      'bottleneck_silu_q_sm',
      'bottleneck_silu_same_scale_as_cv1_sm',
      'residual_shared_own_q_other_scale',
      'residual_shared_own_q_same_scale',
    ],
  },
  numerics: 'approximate',
  opTypes: ['Add', 'Sum'],
  check(node, context) {
    for (const { value } of dataInputs(node)) {
      const pair = pairBefore(value);
      // A copy of integers has no layer above that could take the Q.
      if (!pair || pairAbove(pair.source, context)) continue;
      const quantizers = quantizersOf(pair.source);
      if (
        quantizers.every(
          (other) => quantizerKey(other, context) === quantizerKey(pair.quantize, context),
        )
      )
        continue;
      const shared = shareOneScale(quantizers, context);
      if (shared instanceof Refusal) return shared;
      if (shared) return propose(shared.text, [node, shared.from, ...shared.others], shared.edits);
    }
    return null;
  },
};

const quantizersOf = (value: Value): readonly Node[] =>
  value.uses().flatMap(({ node, index }) => (index === 0 && isQuantizeNode(node) ? [node] : []));
