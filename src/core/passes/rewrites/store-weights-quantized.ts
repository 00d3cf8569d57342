import { constantOf } from '../../ir/quantizer-nodes.ts';
import { NewConstants } from '../edits/new-constants.ts';
import { isSymmetric, pairGroup, quantizerParts } from '../facts/quantizer-parts.ts';
import { floatsOf, quantizeNumbers } from '../facts/weight-numbers.ts';
import { passDocs } from '../pass-docs.ts';
import { propose, Refusal } from '../rewrite-pass.ts';
import type { RewritePass } from '../rewrite-pass.ts';

// What the Q computes is the same on every run, and TensorRT computes it once when it builds. Stored as integers, weights
// take a quarter of the file; the floats are gone then, so scales cannot be chosen anew.
export const storeWeightsQuantized: RewritePass = {
  id: 'store-weights-quantized',
  title: 'Store weights as INT8',
  summary: 'Float weights with Q and DQ become the integers that the Q makes, behind the DQ alone',
  group: 'normalize',
  docs: [passDocs.explicitQuantization('weights may be stored as INT8 in front of a DQ')],
  evidence: { kind: 'documented' },
  numerics: 'bit-exact',
  onRequest: 'the float weights are lost, from which other scales could be chosen',
  opTypes: ['QuantizeLinear'],
  check(node, context) {
    const parts = quantizerParts(node, context);
    if (parts?.type !== 'int8' || !isSymmetric(parts) || !constantOf(parts.data)) return null;
    const floats = floatsOf(parts, context);
    if (!floats || parts.scaleTensor.placeholder) return null;
    const group = pairGroup(parts, context);
    if (group instanceof Refusal) return group;
    const dims = constantOf(parts.data)?.dims ?? [];
    const { data } = parts;
    return propose(`Store ${data.name} as INT8`, [node], () => {
      const constants = new NewConstants(context);
      const numbers = quantizeNumbers(floats, parts.scales);
      const name = constants.add(`${data.name}_int8`, { dataType: 'int8', dims, numbers });
      return [
        ...constants.edits,
        { kind: 'replace-reads', value: parts.output.name, by: name },
        { kind: 'remove-node', node: node.name },
      ];
    });
  },
};
