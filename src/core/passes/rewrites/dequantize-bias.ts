import { constantOf } from '../../ir/quantizer-nodes.ts';
import { NewConstants } from '../edits/new-constants.ts';
import { quantizerParts } from '../facts/quantizer-parts.ts';
import { passDocs } from '../pass-docs.ts';
import { storedCodes } from '../edits/retype-pair.ts';
import { propose, refuse } from '../rewrite-pass.ts';
import type { PassContext, RewritePass } from '../rewrite-pass.ts';

// onnxruntime, torch.ao and Brevitas store biases as INT32 behind a DQ. TensorRT has no DQ of INT32: it wants the bias in
// float and quantizes it itself. The float is what DequantizeLinear computes: the integer, rounded to float32, times the scale.
export const dequantizeBias: RewritePass = {
  id: 'dequantize-bias',
  title: 'Store biases in float',
  summary: 'An INT32 bias behind a DQ becomes the float constant that it stands for',
  group: 'normalize',
  docs: [passDocs.explicitQuantization('biases have no Q/DQ')],
  evidence: { kind: 'documented' },
  numerics: 'bit-exact',
  opTypes: ['DequantizeLinear'],
  check(node, context: PassContext) {
    const [data] = node.inputs;
    if ((constantOf(data)?.dataType ?? data?.dataType) !== 'int32') return null;
    const parts = quantizerParts(node, context);
    const stored = parts && storedCodes(parts, context);
    if (!parts || !stored)
      return refuse('the integers and their scales are not constants that fit each other', node);
    if (parts.output.isGraphOutput)
      return refuse(`${parts.output.name} is an output of the network`, node);
    return propose(
      `Store the bias ${parts.data.name} in float`,
      [node, ...parts.output.consumers()],
      () => {
        const constants = new NewConstants(context);
        const { codes, dims, layout } = stored;
        const floats = codes.map((code, i) => {
          const at = layout.scaleOf(i);
          return Math.fround(
            Math.fround(code - (parts.zeroPoints[at] ?? 0)) * (parts.scales[at] ?? 1),
          );
        });
        const { dataType } = parts.scaleTensor;
        const name = constants.add(`${parts.data.name}_float`, { dataType, dims, numbers: floats });
        return [
          ...constants.edits,
          { kind: 'replace-reads', value: parts.output.name, by: name },
          { kind: 'remove-node', node: node.name },
        ];
      },
    );
  },
};
