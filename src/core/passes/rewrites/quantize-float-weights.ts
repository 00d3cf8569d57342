import { NewConstants } from '../edits/new-constants.ts';
import { codeRange, quantizerParts } from '../facts/quantizer-parts.ts';
import { passDocs } from '../pass-docs.ts';
import { storedCodes } from '../edits/retype-pair.ts';
import { propose, refuse } from '../rewrite-pass.ts';
import type { RewritePass } from '../rewrite-pass.ts';

// TensorRT 8 documents weights in FP32 with Q and DQ; later versions take integers with a DQ as well. The floats are those
// that the integers stand for, so quantizing them gives the same integers.
export const quantizeFloatWeights: RewritePass = {
  id: 'quantize-float-weights',
  title: 'Store weights in float, with Q and DQ',
  summary:
    'Integer weights behind a DQ become the floats that they stand for, with a Q in front of the DQ',
  group: 'normalize',
  docs: [passDocs.explicitQuantization('weights are quantized from constants or stored as INT8')],
  evidence: { kind: 'documented' },
  numerics: 'bit-exact',
  onRequest:
    'it makes the file up to four times as large, and TensorRT 10 builds the same from both',
  opTypes: ['DequantizeLinear'],
  check(node, context) {
    const parts = quantizerParts(node, context);
    const stored = parts && codeRange(parts.type) ? storedCodes(parts, context) : undefined;
    if (!parts || !stored) return null;
    if (parts.scales.some((scale) => !(scale > 0)))
      return refuse('a scale is not above 0, so the integers would be lost', node);
    const { data, scaleTensor, type } = parts;
    return propose(`Store ${data.name} in float, with a Q in front of ${node.name}`, [node], () => {
      const { codes, dims, layout } = stored;
      const floats = codes.map((code, i) => {
        const at = layout.scaleOf(i);
        return Math.fround((code - (parts.zeroPoints[at] ?? 0)) * (parts.scales[at] ?? 1));
      });
      const constants = new NewConstants(context);
      const { dataType } = scaleTensor;
      const weight = constants.add(`${data.name}_float`, { dataType, dims, numbers: floats });
      const zeros = { dataType: type, dims: scaleTensor.dims, numbers: parts.zeroPoints };
      const zeroPoint = node.inputs[2]?.name ?? constants.add(`${weight}_zero_point`, zeros);
      const output = context.freshName(`${weight}_quantized`);
      return [
        ...constants.edits,
        {
          kind: 'add-node',
          name: context.freshName(`${weight}_QuantizeLinear`),
          opType: 'QuantizeLinear',
          inputs: [weight, parts.scale.name, zeroPoint],
          outputs: [{ name: output, dataType: type, shape: dims }],
          attributes: [...node.attributes.values()].filter(({ name }) => name === 'axis'),
          before: node.name,
        },
        { kind: 'set-input', node: node.name, input: 0, value: output },
      ];
    });
  },
};
