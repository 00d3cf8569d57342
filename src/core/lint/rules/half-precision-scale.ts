import type { FindingRule } from '../finding.ts';
import { lintDocs } from '../lint-docs.ts';
import { listed } from '../wording.ts';

// The parser of 8.x reads every constant scale as FP32, so the bits of FP16 numbers look like zeros and negative numbers.
export const halfPrecisionScale: FindingRule = {
  id: 'half-precision-scale',
  severity: 'error',
  title: 'Scales are stored in half precision',
  docs: [lintDocs.parserSource('before 10.0 scales are read as FP32, whatever they are')],
  evidence: {
    kind: 'inferred',
    from: 'the parser source of 8.6 and reports of refused FP16 exports',
  },
  until: '8.6',
  consequence: 'The parser reads the scales as FP32 and refuses what it then sees.',
  advice: 'Store scales in FP32, or build with TensorRT 10.',
  find(context) {
    const half = context.quantizers.filter(
      ({ scale }) => scale.dataType === 'float16' || scale.dataType === 'bfloat16',
    );
    const names = half.map(({ node }) => node.name);
    if (names.length === 0) return [];
    return [
      {
        nodes: names,
        message: `${listed(names)} ${names.length > 1 ? 'have' : 'has'} a ${half[0]?.scale.dataType ?? ''} scale; TensorRT ${context.target.trt} reads FP32 scales only.`,
        parserMessage: 'Scale coefficients must all be positive',
        fix: { kind: 'change-quantizer', description: 'Store the scales as FP32.' },
      },
    ];
  },
};
