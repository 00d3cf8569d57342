import type { Node, Value } from '../../ir/graph.ts';
import { isPairOnlyFor } from '../facts/activation-pairs.ts';
import { isReadOnlyBy } from '../facts/closed-uses.ts';
import { takesActivation } from '../facts/epilogue.ts';
import { isInt8Weighted } from '../facts/int8-layers.ts';
import { quantizedAfter } from '../facts/residual-sum.ts';
import { quantizersInside, siluAt } from '../facts/silu.ts';
import type { Silu } from '../facts/silu.ts';
import { passDocs } from '../pass-docs.ts';
import { propose, refuse } from '../rewrite-pass.ts';
import type { RewritePass } from '../rewrite-pass.ts';

// An INT8 convolution takes Sigmoid and Mul with nothing in between, if a Q follows: one layer, with a kernel made for
// SiLU, and the steep part of the curve is not rounded. With three equal pairs inside, it is one layer too, but with a
// generated kernel and three more roundings; with unequal ones, several. So none is the better placement.
export const unquantizeSilu: RewritePass = {
  id: 'unquantize-silu',
  title: 'Take Q/DQ out of Conv + SiLU',
  summary: 'Convolution, Sigmoid and Mul become one INT8 layer with the kernel made for SiLU',
  group: 'place',
  docs: [passDocs.fusions('convolution and swish become one layer when nothing stands in between')],
  evidence: {
    kind: 'observed',
    engines: ['conv_act_SiLU_q_after', 'silu_three_unequal', 'silu_before_sigmoid_mul_in_same'],
  },
  numerics: 'approximate',
  opTypes: ['Mul'],
  check(node, context) {
    const silu = siluAt(node);
    const quantizers = silu ? quantizersInside(silu) : [];
    if (!silu || quantizers.length === 0) return null;
    const conv = convolutionOf(silu, quantizers);
    if (!conv)
      return refuse('no INT8 convolution makes what it reads, or others read that too', node);
    const foreign = quantizers.find((q) => !isPairOnlyFor(q, silu.sigmoid, node));
    if (foreign) return refuse(`others read what ${foreign.name} quantizes`, node, foreign);
    if (!takesActivation(conv))
      return refuse(
        `the kernel of ${conv.name} takes no SiLU: too few channels, or depthwise`,
        node,
        conv,
      );
    if (quantizedAfter(node, context) !== 'yes')
      return refuse(
        'not all readers quantize the product, so the convolution cannot take it',
        node,
      );
    const names = quantizers.map(({ name }) => name);
    return propose(
      `Take ${names.join(' and ')} out of the SiLU of ${conv.name}`,
      [node, conv],
      () => names.map((quantize) => ({ kind: 'remove-pair', quantize })),
    );
  },
};

/** The INT8 convolution before the SiLU, if nobody else reads what it makes. */
function convolutionOf({ input, sigmoid, mul }: Silu, quantizers: readonly Node[]): Node | null {
  const readers = [sigmoid, mul, ...quantizers];
  return isReadOnlyBy(input, ...readers) ? makerThroughNormalization(input) : null;
}

function makerThroughNormalization(value: Value): Node | null {
  const maker = value.producer();
  const [input] = maker?.inputs ?? [];
  if (maker?.opType === 'BatchNormalization' && input)
    return isReadOnlyBy(input, maker) ? makerThroughNormalization(input) : null;
  return maker && isInt8Weighted(maker) ? maker : null;
}
