import type { Node, Value } from '../../ir/graph.ts';
import { isQuantizer } from '../../ir/quantizer-nodes.ts';
import { closedUses } from '../facts/closed-uses.ts';
import { isCopyingOne } from '../facts/copying-nodes.ts';
import { isReluLike } from '../facts/layer-kinds.ts';
import { quantizerFacts } from '../facts/quantizer-facts.ts';
import { passDocs } from '../pass-docs.ts';
import { propose } from '../rewrite-pass.ts';
import type { PassContext, RewritePass } from '../rewrite-pass.ts';

// Behind a deconvolution a Relu is a layer over the upsampled tensor. Where all who read it, over nodes that move elements
// and quantizers that change no sign, cut negative numbers off again, the first cut is not needed: what leaves them is equal
// to the bit. Only behind deconvolutions, since other layers take a Relu for nothing.
export const removeRepeatedRelu: RewritePass = {
  id: 'remove-repeated-relu',
  title: 'Take out a Relu behind a ConvTranspose that another repeats',
  summary:
    'Readers cut negative numbers off themselves, on a tensor that is smaller or already INT8',
  group: 'tidy',
  docs: [passDocs.fusions('activations that no layer takes are layers of their own')],
  evidence: { kind: 'observed', engines: ['deconv_k2_relu_q_after', 'deconv_k3_relu_q_after'] },
  numerics: 'bit-exact',
  opTypes: ['Relu'],
  check(node, context) {
    if (node.inputs[0]?.producer()?.opType !== 'ConvTranspose') return null;
    const others = cutters(node.outputs[0], context, MAX_STEPS);
    if (others === null) return null;
    const names = [...new Set(others)].join(' and ');
    return propose(`Take ${node.name} out: ${names} cut negative numbers off`, [node], () => [
      { kind: 'bypass-node', node: node.name },
    ]);
  },
};

const MAX_STEPS = 24;

/** Names of the nodes that make all negative numbers in what is read of a value 0; null where one does not. */
function cutters(
  value: Value | null | undefined,
  context: PassContext,
  steps: number,
): readonly string[] | null {
  const uses = steps > 0 ? closedUses(value) : null;
  if (!uses) return null;
  const names: string[] = [];
  for (const { node, index } of uses) {
    if (index !== 0) return null;
    if (isReluLike(node, context)) names.push(node.name);
    else {
      const behind = keepsSigns(node, context)
        ? cutters(node.outputs[0], context, steps - 1)
        : null;
      if (behind === null) return null;
      names.push(...behind);
    }
  }
  return names;
}

/** Taking negative numbers off before or behind such a node is the same. */
const keepsSigns = (node: Node, context: PassContext): boolean =>
  isQuantizer(node) ? quantizerFacts(node, context).isSymmetric : isCopyingOne(node, context);
