import type { Node } from '../../ir/graph.ts';
import { passDocs } from '../pass-docs.ts';
import { quantizerFacts } from '../facts/quantizer-facts.ts';
import { propose, refuse } from '../rewrite-pass.ts';
import type { PassContext, RewritePass } from '../rewrite-pass.ts';

// Exporters give each reader quantizers of its own. Those of one value with equal scale, zero point, axis and type are one;
// TensorRT merges them too, but a model in which they are one shows what its readers share.
export const mergeEqualQuantizers: RewritePass = {
  id: 'merge-equal-quantizers',
  title: 'Make one of equal quantizers of a value',
  summary: 'Equal Qs of one value become one, and equal DQs behind one Q too',
  group: 'tidy',
  docs: [
    passDocs.explicitQuantization(
      'scales are compared, and equal ones let Q layers merge and move',
    ),
  ],
  evidence: { kind: 'observed', engines: ['residual_shared_own_q_same_scale', 'fanout_one_q'] },
  numerics: 'bit-exact',
  opTypes: ['QuantizeLinear', 'DequantizeLinear'],
  check(node, context) {
    const first = earlierTwin(node, context);
    const [kept] = first?.outputs ?? [];
    const [goes] = node.outputs;
    if (!first || !kept || !goes || goes.useCount + Number(goes.isGraphOutput) === 0) return null;
    if (goes.isGraphOutput) return refuse('it makes an output of the network', node);
    return propose(`Let readers of ${node.name} read ${first.name}`, [node, first], () => [
      { kind: 'replace-reads', value: goes.name, by: kept.name },
      { kind: 'remove-node', node: node.name },
    ]);
  },
};

/**
 * A node before this one, in the order of the graph, that does the same to the same value. Of several it is any: the last
 * of them always finds one, so that in the end one is left.
 */
function earlierTwin(node: Node, context: PassContext): Node | null {
  const readers = node.inputs[0]?.uses() ?? [];
  if (readers.length < 2) return null;
  const { key } = quantizerFacts(node, context);
  const twin = readers.find(
    ({ node: other, index }) =>
      index === 0 &&
      other !== node &&
      other.opType === node.opType &&
      other.domain === node.domain &&
      quantizerFacts(other, context).key === key,
  )?.node;
  if (!twin) return null;
  for (const other of context.graph.nodes())
    if (other === twin || other === node) return other === twin ? twin : null;
  return null;
}
