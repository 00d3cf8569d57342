import type { Node } from '../../ir/graph.ts';
import { precedes } from '../../ir/node-order.ts';
import { quantizerKey } from '../facts/quantizer-facts.ts';
import { passDocs } from '../pass-docs.ts';
import { propose, refuse } from '../rewrite-pass.ts';
import type { PassContext, RewritePass } from '../rewrite-pass.ts';

// Exporters give each reader quantizers of its own. Qs of one value with equal scale, zero point, axis and type are one;
// TensorRT merges them too, but a model in which they are one shows what its readers share. DQs stay as they are: one that
// a single layer reads can go into it, and a region that Myelin compiles takes only DQs that it alone reads.
export const mergeEqualQuantizers: RewritePass = {
  id: 'merge-equal-quantizers',
  title: 'Make one of equal Qs of a value',
  summary: 'Equal Qs of one value become one, and each reader keeps its DQ',
  group: 'tidy',
  docs: [
    passDocs.explicitQuantization(
      'scales are compared, and equal ones let Q layers merge and move',
    ),
  ],
  evidence: { kind: 'observed', engines: ['residual_shared_own_q_same_scale', 'fanout_one_q'] },
  numerics: 'bit-exact',
  opTypes: ['QuantizeLinear', 'TRT_FP8QuantizeLinear'],
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
  const key = quantizerKey(node, context);
  const twin = readers.find(
    ({ node: other, index }) =>
      index === 0 &&
      other !== node &&
      other.opType === node.opType &&
      other.domain === node.domain &&
      quantizerKey(other, context) === key,
  )?.node;
  return twin && precedes(twin, node) ? twin : null;
}
