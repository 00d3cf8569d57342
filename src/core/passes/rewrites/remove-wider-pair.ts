import { isQuantizeNode } from '../../ir/quantizer-nodes.ts';
import { dequantizeBefore, wholePair } from '../facts/activation-pairs.ts';
import { closedUses } from '../facts/closed-uses.ts';
import { passDocs } from '../pass-docs.ts';
import { propose, refuse } from '../rewrite-pass.ts';
import type { RewritePass } from '../rewrite-pass.ts';

// Values go from a fine grid to a coarser one that holds them all: the second pair only loses precision, and costs a
// requantization, which is a layer unless a convolution makes the tensor. Without it readers get the numbers of the fine
// grid, at most half a step of the coarse one away. The other way round the second pair also clamps, and stays. In front
// of a Concat equal scales are worth the step.
export const removeWiderPair: RewritePass = {
  id: 'remove-wider-pair',
  title: 'Take out a Q/DQ pair of a coarser scale behind a finer one',
  summary: 'No requantization: readers take the finer numbers that are there already',
  group: 'tidy',
  docs: [passDocs.explicitQuantization('a DQ and a Q of unequal scales in a row compute')],
  evidence: {
    kind: 'observed',
    engines: ['residual_shared_own_q_other_scale', 'concat_unequal_after'],
  },
  numerics: 'one-step',
  opTypes: ['QuantizeLinear'],
  check(node, context) {
    const before = dequantizeBefore(node.inputs[0]);
    const quantize = before?.inputs[0]?.producer();
    if (!quantize || !isQuantizeNode(quantize)) return null;
    const [first, second] = [wholePair(quantize, context), wholePair(node, context)];
    if (!first || !second || first.key === second.key) return null;
    const { facts: fine } = first;
    const { facts: coarse } = second;
    if (fine.scale === undefined || coarse.scale === undefined) return null;
    if (!fine.isSymmetric || !coarse.isSymmetric || fine.type !== coarse.type) return null;
    if (coarse.scale < fine.scale)
      return refuse('the second pair has the narrower range, so that it clamps', node, quantize);
    const uses = second.dequantizers.flatMap(({ outputs: [value] }) => closedUses(value) ?? []);
    const concat = uses.find((use) => use.node.opType === 'Concat')?.node;
    if (concat) return refuse('it brings the parts of a Concat to one scale', node, concat);
    return propose(`Take ${node.name} out behind ${quantize.name}`, [node, quantize], () => [
      { kind: 'remove-pair', quantize: node.name },
    ]);
  },
};
