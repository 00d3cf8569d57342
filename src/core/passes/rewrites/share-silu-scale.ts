import { shareOneScale } from '../facts/scale-group.ts';
import { quantizersInside, siluAt } from '../facts/silu.ts';
import type { Silu } from '../facts/silu.ts';
import type { GraphEdit } from '../graph-edit.ts';
import { passDocs } from '../pass-docs.ts';
import { Refusal, propose } from '../rewrite-pass.ts';
import type { RewritePass } from '../rewrite-pass.ts';

// With quantizers on the inputs of the Mul alone, or with unequal ones, Sigmoid and Mul read the convolution's result in
// two ways: it leaves in float and each Q is a layer. With one scale before the Sigmoid and on both inputs of the Mul, all
// three run in INT8, and in the convolution where it has kernels for that. This is for SiLUs whose quantizers have to stay;
// unquantize-silu, which runs before, takes them away where the convolution can do without.
export const shareSiluScale: RewritePass = {
  id: 'share-silu-scale',
  title: 'Give the three quantizers of a SiLU one scale',
  summary: 'Sigmoid and Mul run in INT8, and no quantizer between them is a layer',
  group: 'place',
  docs: [
    passDocs.explicitQuantization(
      'element-wise layers fuse with the DQ of every input; quantizers of one tensor merge if equal',
    ),
  ],
  evidence: {
    kind: 'observed',
    engines: ['silu_three_unequal', 'silu_before_sigmoid_mul_in_same', 'silu_mul_in_unequal'],
  },
  numerics: 'approximate',
  opTypes: ['Mul'],
  check(node, context) {
    const silu = siluAt(node);
    const direct = silu?.beforeMul?.quantize ?? silu?.beforeSigmoid?.quantize;
    if (!silu?.behindSigmoid || !direct) return null;
    const missing = missingPairs(silu, direct.name);
    const quantizers = quantizersInside(silu);
    const shared = shareOneScale(quantizers, context);
    if (shared instanceof Refusal) return shared;
    if (!shared && missing.length === 0) return null;
    const added = `Quantize ${silu.input.name} for all of the SiLU at ${node.name}`;
    const texts = [...(shared ? [shared.text] : []), ...(missing.length > 0 ? [added] : [])];
    // The new pairs copy what the sharing has left.
    return propose(texts.join('; '), [node, silu.sigmoid, ...quantizers], () => [
      ...(shared?.edits() ?? []),
      ...missing,
    ]);
  },
};

/** Pairs for the reads of the SiLU's input that are float beside a quantized one. */
function missingPairs(silu: Silu, quantizer: string): readonly GraphEdit[] {
  const readers = [
    ...(silu.beforeSigmoid ? [] : [{ node: silu.sigmoid.name, input: 0 }]),
    ...(silu.beforeMul ? [] : [{ node: silu.mul.name, input: silu.direct }]),
  ];
  return readers.map((reader) => ({
    kind: 'add-pair',
    value: silu.input.name,
    reader,
    scale: { kind: 'same-as', quantizer },
  }));
}
