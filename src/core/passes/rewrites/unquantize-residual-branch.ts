import { isPairOnlyFor, pairBefore } from '../facts/activation-pairs.ts';
import { pairAbove } from '../facts/copying-nodes.ts';
import { quantizedAfter, residualSum } from '../facts/residual-sum.ts';
import { passDocs } from '../pass-docs.ts';
import { propose, refuse } from '../rewrite-pass.ts';
import type { RewritePass } from '../rewrite-pass.ts';

// A pair between a convolution and the Add that it could take makes two layers of one: the convolution ends in its own Q,
// and Add and ReLU run as an INT8 point-wise layer, or in float. The pair goes, the one on the shortcut stays. Without a Q
// behind the Add that would gain nothing: the sum is float either way, and with both pairs it at least reads INT8.
export const unquantizeResidualBranch: RewritePass = {
  id: 'unquantize-residual-branch',
  title: 'Take Q/DQ off the main branch of a residual Add',
  summary: 'The convolution takes Add and ReLU, which were a layer of their own',
  group: 'place',
  docs: [
    passDocs.explicitQuantization(
      'a pair between a convolution and its Add splits the fusion: quantize the other operand only',
    ),
  ],
  evidence: {
    kind: 'observed',
    engines: [
      'residual_id_both_after_relu_c72',
      'residual_id_short_after_relu_c72',
      'residual_id_main_relu_c72',
      'residual_down_both_after_relu_c72',
      'resnet18.both',
    ],
  },
  numerics: 'approximate',
  opTypes: ['Add', 'Sum'],
  check(node, context) {
    const sum = residualSum(node);
    const pair = sum && pairBefore(sum.main.value);
    if (!sum || !pair) return null;
    const { taker } = sum.main;
    const { quantize } = pair;
    // A float shortcut: with the pair the Add is float and the pair two more layers. Nothing depends on what follows.
    const isShortcutFloat = !pairAbove(sum.shortcut.value, context);
    const after = isShortcutFloat ? 'yes' : quantizedAfter(node, context);
    if (after !== 'yes')
      return after.blame.length > 0
        ? refuse(
            `${after.blame[0]?.name ?? ''} reads the sum in float or with another scale, so no INT8 layer can take the Add`,
            node,
            ...after.blame,
          )
        : refuse('no Q follows it, so no INT8 layer can take it', node, taker);
    if (!isPairOnlyFor(quantize, node))
      return refuse(`others beside the Add read what ${quantize.name} quantizes`, quantize);
    return propose(`Take ${quantize.name} off the branch of ${taker.name}`, [node, taker], () => [
      { kind: 'remove-pair', quantize: quantize.name },
    ]);
  },
};
