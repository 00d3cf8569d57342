import type { Node, Value } from '../../ir/graph.ts';
import { commonQuantize, wholePair } from '../facts/activation-pairs.ts';
import { soleUse } from '../facts/closed-uses.ts';
import { isReluLike } from '../facts/layer-kinds.ts';
import { quantizerKey } from '../facts/quantizer-facts.ts';
import type { GraphEdit } from '../graph-edit.ts';
import { passDocs } from '../pass-docs.ts';
import { propose, refuse } from '../rewrite-pass.ts';
import type { RewritePass } from '../rewrite-pass.ts';

// A pair between a convolution and its Relu keeps the two apart. Rounding and clamping to a symmetric grid changes no sign
// and leaves 0 where it is, so the pair does the same behind the Relu, to the bit; what stands there already with the same
// scale does it alone.
export const lowerQuantizer: RewritePass = {
  id: 'lower-quantizer',
  title: 'Move Q/DQ from before a Relu to behind it',
  summary: 'The convolution takes its Relu, and both give INT8 out',
  group: 'place',
  docs: [
    passDocs.explicitQuantization('no Q/DQ between a convolution and the activation that it takes'),
  ],
  evidence: { kind: 'observed', engines: ['conv_q_before_Relu', 'conv_k3_relu_chain'] },
  numerics: 'bit-exact',
  opTypes: ['Relu'],
  check(node, context) {
    const quantize = node.inputs[0]?.producer()?.inputs[0]?.producer();
    const pair = quantize ? wholePair(quantize, context) : null;
    const [output] = node.outputs;
    if (!pair || !output || !isReluLike(node, context) || !isOfConvolution(pair.source))
      return null;
    if (output.useCount === 0) return null;
    const { facts, dequantizers, key } = pair;
    if (!facts.isSymmetric || !facts.isPerTensor)
      return refuse('its zero point is not 0, or it has a scale per channel', pair.quantize);
    const [read, ...more] = dequantizers.flatMap(({ outputs: [value] }) => (value ? [value] : []));
    if (more.length > 0 || soleUse(read) === null || soleUse(pair.source) === null)
      return refuse('others read the convolution before its Relu', pair.quantize, node);
    const common = commonQuantize(output, context);
    const isThere = common !== null && quantizerKey(common, context) === key;
    const edits = isThere ? without(pair.quantize) : moved(pair.quantize, node);
    return propose(
      `Move ${pair.quantize.name} behind ${node.name}`,
      [pair.quantize, node],
      () => edits,
    );
  },
};

function isOfConvolution(value: Value): boolean {
  const maker = value.producer();
  const before = maker?.opType === 'BatchNormalization' ? maker.inputs[0]?.producer() : maker;
  return before?.opType === 'Conv';
}

const without = (quantize: Node): readonly GraphEdit[] => [
  { kind: 'remove-pair', quantize: quantize.name },
];
const moved = (quantize: Node, over: Node): readonly GraphEdit[] => [
  { kind: 'move-pair', quantize: quantize.name, over: over.name },
];
