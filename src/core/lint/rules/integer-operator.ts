import type { FindingRule } from '../finding.ts';
import { lintDocs } from '../lint-docs.ts';

const INTEGER =
  /^(?:QLinear\w+|QGemm|QAttention|ConvInteger|MatMulInteger\w*|DynamicQuantize\w+|QEmbedLayerNormalization)$/;

// These operators carry their quantization inside; TensorRT's parser has importers for Q and DQ around float operators only.
export const integerOperator: FindingRule = {
  id: 'integer-operator',
  severity: 'error',
  title: 'The operator computes on integers by itself',
  docs: [
    lintDocs.parser(
      'QLinearConv, ConvInteger, MatMulInteger and DynamicQuantizeLinear are not supported',
    ),
    lintDocs.issue(3963, 'DynamicQuantizeLinear is looked for as a plugin and not found'),
  ],
  evidence: { kind: 'documented' },
  consequence: 'The parser looks for a plugin of that name, finds none and stops.',
  advice:
    'Export in QDQ format: in onnxruntime, quant_format=QuantFormat.QDQ with static calibration.',
  find: (context) =>
    context.nodes
      .filter(({ opType }) => INTEGER.test(opType))
      .map((node) => ({
        nodes: [node.name],
        message: `${node.name} is a ${node.opType}, which TensorRT does not import.`,
        parserMessage: `No importer registered for op: ${node.opType}. Attempting to import as plugin.`,
        fix: {
          kind: 'replace-operator',
          description: `Replace ${node.name} by the float operator between Q/DQ pairs.`,
        },
      })),
};
