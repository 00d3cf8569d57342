import { compareVersions } from '../../sim/target.ts';
import { NewConstants } from '../edits/new-constants.ts';
import { quantizerParts } from '../facts/quantizer-parts.ts';
import { passDocs } from '../pass-docs.ts';
import { propose } from '../rewrite-pass.ts';
import type { RewritePass } from '../rewrite-pass.ts';

// Until 8.6 the parser wants three inputs. A missing zero point is 0, so writing it down changes nothing; the type must be
// INT8 by what the node reads or says, for ONNX takes a Q that says nothing for uint8.
export const stateZeroPoints: RewritePass = {
  id: 'state-zero-points',
  title: 'Write zero points down',
  summary: 'Q and DQ without a zero point get an INT8 one of 0, which TensorRT 8 wants',
  group: 'normalize',
  docs: [passDocs.parser('before TensorRT 10 a quantizer must have three inputs')],
  evidence: { kind: 'documented' },
  numerics: 'bit-exact',
  opTypes: ['QuantizeLinear', 'DequantizeLinear'],
  check(node, context) {
    if (node.inputs[2] || compareVersions(context.target.trt, '10.0') >= 0) return null;
    const parts = quantizerParts(node, context);
    if (parts?.type !== 'int8') return null;
    return propose(`Give ${node.name} its zero point of 0`, [node], () => {
      const constants = new NewConstants(context);
      const { dims } = parts.scaleTensor;
      const init = { dataType: 'int8', dims, numbers: parts.zeroPoints } as const;
      const value = constants.add(`${parts.scale.name}_zero_point`, init);
      return [...constants.edits, { kind: 'set-input', node: node.name, input: 2, value }];
    });
  },
};
