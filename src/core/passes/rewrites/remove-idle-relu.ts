import type { Node, Value } from '../../ir/graph.ts';
import { isQuantizer } from '../../ir/quantizer-nodes.ts';
import { isReluLike, movesElements } from '../int8-neighbours.ts';
import { passDocs } from '../pass-docs.ts';
import { closedUses, quantizerFacts } from '../quantizer-facts.ts';
import { propose } from '../rewrite-pass.ts';
import type { PassContext, RewritePass } from '../rewrite-pass.ts';
import { boundsOf } from '../value-bounds.ts';

// A Relu that never sees a negative number computes nothing, but it is a layer wherever no convolution takes it, and all
// over the upsampled tensor behind a deconvolution. The same holds where all who read it cut negative numbers off again;
// that is looked at behind deconvolutions only, since other layers take a Relu for nothing.
export const removeIdleRelu: RewritePass = {
  id: 'remove-idle-relu',
  title: 'Take out a Relu that changes nothing',
  summary:
    'A Relu whose input is proved never to be negative, or whose readers cut negative numbers off themselves, goes',
  group: 'tidy',
  docs: [
    passDocs.onnx('Relu', 'the greater of 0 and the input'),
    passDocs.fusions('activations that no layer takes are layers of their own'),
  ],
  evidence: { kind: 'observed', engines: ['deconv_k2_relu_q_after', 'deconv_k3_relu_q_after'] },
  numerics: 'bit-exact',
  opTypes: ['Relu'],
  check(node, context) {
    const remove = () => [{ kind: 'bypass-node', node: node.name }] as const;
    if (boundsOf(node.inputs[0], context).min >= 0)
      return propose(`Take ${node.name} out: its input is never negative`, [node], remove);
    if (node.inputs[0]?.producer()?.opType !== 'ConvTranspose') return null;
    const others = cutters(node.outputs[0], context, MAX_STEPS);
    if (others === null) return null;
    const names = [...new Set(others)].join(' and ');
    return propose(`Take ${node.name} out: ${names} cut negative numbers off`, [node], remove);
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
  isQuantizer(node) ? quantizerFacts(node, context).isSymmetric : movesElements(node, context);
