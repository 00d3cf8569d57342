import { passDocs } from '../pass-docs.ts';
import { propose } from '../rewrite-pass.ts';
import type { RewritePass } from '../rewrite-pass.ts';

// Exporters leave Identity nodes behind for shared weights and traced returns. Between a DQ and its reader, or a producer
// and its Q, they keep passes that look at neighbours from seeing them.
export const removeIdentity: RewritePass = {
  id: 'remove-identity',
  title: 'Take Identity nodes out',
  summary:
    'Readers of an Identity read what it copies, so that Q/DQ stand beside the layers that they are for',
  group: 'normalize',
  docs: [passDocs.onnx('Identity', 'the output is the input')],
  evidence: { kind: 'documented' },
  numerics: 'bit-exact',
  opTypes: ['Identity'],
  check: (node) =>
    propose(`Take ${node.name} out`, [node], () => [{ kind: 'bypass-node', node: node.name }]),
};
