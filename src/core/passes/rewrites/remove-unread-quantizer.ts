import { passDocs } from '../pass-docs.ts';
import { propose } from '../rewrite-pass.ts';
import type { RewritePass } from '../rewrite-pass.ts';

// Exporters and other passes leave a Q or DQ behind that nobody reads. It costs nothing in an engine, but a Q that nobody
// reads looks like a reader of the tensor to all who ask whether readers agree.
export const removeUnreadQuantizer: RewritePass = {
  id: 'remove-unread-quantizer',
  title: 'Take out a Q or DQ that nobody reads',
  summary: 'Dead ends of quantizers go, so that they are in nobody’s way',
  group: 'tidy',
  docs: [passDocs.explicitQuantization('Q and DQ belong between the layers that they are for')],
  evidence: { kind: 'documented' },
  numerics: 'bit-exact',
  opTypes: ['DequantizeLinear', 'QuantizeLinear'],
  check(node) {
    const isRead = node.outputs.some((value) => value.useCount > 0 || value.isGraphOutput);
    if (isRead) return null;
    return propose(`Take ${node.name} out: nobody reads it`, [node], () => [
      { kind: 'remove-node', node: node.name },
    ]);
  },
};
