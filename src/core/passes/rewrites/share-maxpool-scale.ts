import type { Value } from '../../ir/graph.ts';
import { pairBefore } from '../facts/activation-pairs.ts';
import { isCopyingInPlace } from '../facts/copying-nodes.ts';
import { scaleGroupOf, shareOneScale } from '../facts/scale-group.ts';
import { passDocs } from '../pass-docs.ts';
import { Refusal, propose } from '../rewrite-pass.ts';
import type { RewritePass } from '../rewrite-pass.ts';

// The Q behind a MaxPool moves in front of it, and there it meets the quantizers of those who read the same tensor: SPP
// blocks pool one tensor several times beside each other. With one scale they are one Q inside the layer above; with two,
// that layer is left in float and each Q is a layer. A MaxPool alone between two scales is no trouble.
export const shareMaxpoolScale: RewritePass = {
  id: 'share-maxpool-scale',
  title: 'Give the quantizers before and behind a MaxPool one scale',
  summary: 'The Q of the pool joins those of the tensor that it pools, in the layer above',
  group: 'place',
  docs: [
    passDocs.explicitQuantization(
      'Q moves backward over a MaxPool; quantizers of one tensor merge if their scales are equal',
    ),
  ],
  evidence: {
    kind: 'observed',
    engines: ['spp_unequal', 'fanout_unequal', 'fanout_one_q', 'pool_MaxPool_both_unequal'],
  },
  numerics: 'approximate',
  opTypes: ['MaxPool'],
  check(node, context) {
    const [input] = node.inputs;
    if (!input || !hasOtherReaders(input)) return null;
    const group = scaleGroupOf(node, (other) => isCopyingInPlace(other, context));
    const shared = shareOneScale(group.quantizers, context);
    if (shared === null || shared instanceof Refusal) return shared;
    return propose(shared.text, [node, shared.from, ...shared.others], shared.edits);
  },
};

/** True when the pool is not the only reader of what it pools, before its Q/DQ or behind them. */
function hasOtherReaders(input: Value): boolean {
  const pair = pairBefore(input);
  const tensors = pair ? [input, pair.quantize.outputs[0], pair.source] : [input];
  return tensors.some((value) => (value?.useCount ?? 0) > 1);
}
