import type { Node } from '../../ir/graph.ts';
import { isDequantizeNode, isQuantizeNode } from '../../ir/quantizer-nodes.ts';
import { quantizerKey } from '../facts/quantizer-facts.ts';
import type { GraphEdit } from '../graph-edit.ts';
import { passDocs } from '../pass-docs.ts';
import { propose, refuse } from '../rewrite-pass.ts';
import type { RewritePass } from '../rewrite-pass.ts';

// Exporters quantize the output of one module and the input of the next. What a DQ gave is on the grid: a Q of the same
// scale and zero point finds the same integers again, to the bit. Readers of those read the first ones.
export const removeDoublePair: RewritePass = {
  id: 'remove-double-pair',
  title: 'Take out a Q/DQ pair behind an equal one',
  summary: 'Of two equal pairs in a row one is enough: the second finds the same integers',
  group: 'tidy',
  docs: [passDocs.explicitQuantization('redundant pairs of DQ and Q are removed')],
  evidence: { kind: 'observed', engines: ['double_qdq_same_scale'] },
  numerics: 'bit-exact',
  opTypes: ['QuantizeLinear'],
  check(node, context) {
    const [source] = node.inputs;
    const [integers] = node.outputs;
    const before = source?.producer();
    const first = before?.inputs[0];
    if (!integers || !before || !first || !isDequantizeNode(before)) return null;
    if (quantizerKey(before, context) !== quantizerKey(node, context)) return null;
    if (integers.isGraphOutput && !isQuantizeNode(first.producer()))
      return refuse('its integers are an output of the network', node);
    return propose(`Take ${node.name} out behind ${before.name}`, [node, before], () => [
      { kind: 'replace-reads', value: integers.name, by: first.name },
      { kind: 'remove-node', node: node.name },
      ...withoutReaders(before, node),
    ]);
  },
};

/** The DQ before goes too, if the Q was all that read it. */
function withoutReaders(dequantize: Node, quantize: Node): readonly GraphEdit[] {
  const [value] = dequantize.outputs;
  if (!value || value.isGraphOutput) return [];
  return value.uses().some(({ node }) => node !== quantize)
    ? []
    : [{ kind: 'remove-node', node: dequantize.name }];
}
