import type { DataType } from '../../ir/data-type.ts';
import type { FindingRule } from '../finding.ts';
import { lintDocs } from '../lint-docs.ts';

/** What is told elsewhere, or taken. */
const TAKEN: ReadonlySet<DataType | undefined> = new Set([
  undefined,
  'int8',
  'uint8',
  'int4',
  'float8e4m3fn',
  'float4e2m1',
  'int32',
]);

// The parser knows INT8, FP8 E4M3, INT4 and FP4; a zero point of another type is read as INT8, other data is refused.
export const unsupportedQuantizedType: FindingRule = {
  id: 'unsupported-quantized-type',
  severity: 'error',
  title: 'The quantized type is none of TensorRT’s',
  docs: [lintDocs.quantizationSchemes('the schemes are INT8, FP8 E4M3, INT4 and FP4 E2M1')],
  evidence: { kind: 'documented' },
  consequence: 'The parser refuses the type, or reads it as INT8 and computes other numbers.',
  advice: 'Quantize to INT8, or to FP8 E4M3, INT4 weights or FP4 where version and GPU have them.',
  find: (context) =>
    context.quantizers
      .filter(({ type }) => !TAKEN.has(type))
      .map(({ node, type, data }) => ({
        nodes: [node.name],
        message: `${node.name} quantizes to ${type ?? '?'}, which TensorRT does not have.`,
        fix: { kind: 'change-quantizer', description: `Quantize ${data.name} to INT8.` },
      })),
};
