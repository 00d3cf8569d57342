import type { FindingRule } from '../finding.ts';
import { groupBy } from '../group-by.ts';
import { lintDocs } from '../lint-docs.ts';
import { listed } from '../wording.ts';

const TAKEN_AS_INT8 =
  "TensorRT doesn't support QuantizeLinear/DequantizeLinear with UINT8 zero_point. TensorRT will use INT8 instead.";

// A UINT8 zero point is read as INT8 with a warning, so that codes above 127 are lost; constants that hold UINT8 codes
// are not taken at all.
export const uint8Quantizer: FindingRule = {
  id: 'uint8-quantizer',
  severity: 'warning',
  title: 'Data is quantized to UINT8',
  docs: [
    lintDocs.parserSource('UINT8 zero points are taken as INT8, UINT8 data into DQ is refused'),
  ],
  evidence: { kind: 'observed', engines: ['bad_uint8'] },
  consequence: 'TensorRT takes it as INT8: codes from 128 to 255 saturate at 127.',
  advice: 'Export with signed INT8 activations and weights and symmetric ranges.',
  find(context) {
    const unsigned = context.quantizers.filter(({ type }) => type === 'uint8');
    return groupBy(unsigned, ({ zeroPoint, node }) => zeroPoint ?? node).map((group) => {
      const names = group.map(({ node }) => node.name);
      const [{ kind, data }] = group;
      const stored = kind === 'DQ' && context.isConstant(data) && data.dataType === 'uint8';
      return {
        nodes: names,
        message: stored
          ? `${listed(names)} reads UINT8 codes from ${data.name}; TensorRT dequantizes signed types only.`
          : `${listed(names)} ${group.length > 1 ? 'state' : 'states'} UINT8; TensorRT quantizes to signed INT8 only.`,
        ...(stored && {
          severity: 'error' as const,
          consequence: 'The parser refuses UINT8 data in front of a DequantizeLinear.',
        }),
        ...(!stored && { parserMessage: TAKEN_AS_INT8 }),
        fix: {
          kind: 'change-quantizer',
          description: `Quantize ${data.name} to INT8 with zero point 0.`,
        },
      };
    });
  },
};
