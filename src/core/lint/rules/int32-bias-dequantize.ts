import type { FindingRule } from '../finding.ts';
import { lintDocs } from '../lint-docs.ts';

// onnxruntime's quantizer stores biases as INT32 behind a DQ; TensorRT wants them in float and quantizes them itself.
export const int32BiasDequantize: FindingRule = {
  id: 'int32-bias-dequantize',
  severity: 'error',
  title: 'A DQ reads INT32, as for a bias',
  docs: [
    lintDocs.explicitQuantization('biases have no Q/DQ'),
    lintDocs.issue(3360, 'a model with dequantized biases is refused'),
  ],
  evidence: { kind: 'documented' },
  consequence: 'DequantizeLinear takes INT8, FP8, INT4 or FP4; INT32 is refused.',
  advice: 'Store the bias in float without Q/DQ: in onnxruntime, extra_options QuantizeBias=False.',
  find: (context) =>
    context.quantizers
      .filter(({ kind, data }) => kind === 'DQ' && data.dataType === 'int32')
      .map(({ node, data, output }) => {
        const [reader] = context.readers(output);
        const bias = reader ? `, the bias of ${reader.name}` : '';
        return {
          nodes: [node.name, ...(reader ? [reader.name] : [])],
          message: `${node.name} dequantizes INT32 data: ${data.name}${bias}.`,
          parserMessage: `${node.name}: only activation types allowed as input to this layer.`,
          fix: {
            kind: 'remove-qdq',
            description: `Replace ${node.name} by a constant that holds its result in float.`,
          },
        };
      }),
};
