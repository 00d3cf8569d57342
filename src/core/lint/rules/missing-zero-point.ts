import type { FindingRule } from '../finding.ts';
import { lintDocs } from '../lint-docs.ts';
import { listed } from '../wording.ts';

// Until 8.6 the parser wants three inputs. Later ones take the default INT8 where ONNX says UINT8; that is what people mean.
export const missingZeroPoint: FindingRule = {
  id: 'missing-zero-point',
  severity: 'error',
  title: 'The zero point is missing',
  docs: [lintDocs.parserSource('before 10.0 a QuantizeLinear must have three inputs')],
  evidence: { kind: 'documented' },
  until: '8.6',
  consequence: 'The parser of TensorRT 8 stops at the first such node.',
  advice: 'Add an INT8 zero point of 0, or build with TensorRT 10.',
  find(context) {
    const without = context.quantizers.filter(({ zeroPoint }) => zeroPoint === undefined);
    const names = without.map(({ node }) => node.name);
    const [first] = without;
    if (!first) return [];
    return [
      {
        nodes: names,
        message: `${listed(names)} ${names.length > 1 ? 'have' : 'has'} no zero point; TensorRT ${context.target.trt} wants three inputs.`,
        parserMessage: `This version of TensorRT requires 3 inputs for the ${first.node.opType} operator.`,
        fix: { kind: 'change-quantizer', description: 'Add an INT8 zero point of 0 to each.' },
      },
    ];
  },
};
