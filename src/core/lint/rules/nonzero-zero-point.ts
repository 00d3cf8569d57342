import { compareVersions } from '../../sim/target.ts';
import type { FindingRule } from '../finding.ts';
import { lintDocs } from '../lint-docs.ts';
import { groupBy } from '../group-by.ts';
import { listed } from '../wording.ts';

const UNTIL_10_10 =
  'Assertion failed: shiftIsAllZeros(zeroPoint): TensorRT only supports symmetric quantization. The zero point for the QuantizeLinear/DequantizeLinear operator must be all zeros.';
const FROM_10_11 =
  'Non-zero zero point is not supported. Please set kENABLE_UINT8_AND_ASYMMETRIC_QUANTIZATION_DLA to enable asymmetric quantization if it is on DLA.';

// TensorRT's GPU kernels have no term for a zero point, so the parser stops at the first Q or DQ whose zero point is not 0.
// Since 10.11 a parser flag lets it through for DLA, which is not modelled here.
export const nonzeroZeroPoint: FindingRule = {
  id: 'nonzero-zero-point',
  severity: 'error',
  title: 'The zero point is not 0',
  docs: [
    lintDocs.parserSource('an assertion on the zero point of every QuantizeLinear'),
    lintDocs.explicitQuantization('quantization is symmetric: zero points are 0'),
  ],
  evidence: { kind: 'observed', engines: ['bad_zero_point', 'bad_uint8'] },
  consequence: 'The parser stops at this node and no engine is built.',
  advice: 'Calibrate with symmetric INT8 ranges, so that every zero point is 0.',
  find(context) {
    const shifted = context.quantizers.filter(({ zeroPoints }) => zeroPoints?.some((z) => z !== 0));
    const parserMessage =
      compareVersions(context.target.trt, '10.11') < 0 ? UNTIL_10_10 : FROM_10_11;
    return groupBy(shifted, ({ zeroPoint }) => zeroPoint).map((group) => {
      const [{ zeroPoints = [] }] = group;
      const values = [...new Set(zeroPoints.filter((z) => z !== 0))];
      const names = group.map(({ node }) => node.name);
      return {
        nodes: names,
        message: `${listed(names)} ${group.length > 1 ? 'have' : 'has'} zero point ${listed(values.map(String))}; TensorRT takes 0 only.`,
        parserMessage,
        fix: {
          kind: 'change-quantizer',
          description: `Quantize ${group[0].data.name} to INT8 with zero point 0 and the scale max|x| / 127.`,
        },
      };
    });
  },
};
