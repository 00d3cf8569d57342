import { isConstantThroughQuantizers } from '../../ir/quantizer-nodes.ts';
import { NewConstants } from '../edits/new-constants.ts';
import { codeRange, isSymmetric, pairGroup, quantizerParts } from '../facts/quantizer-parts.ts';
import type { QuantizerParts } from '../facts/quantizer-parts.ts';
import { floatsOf, largestOf, quantizeNumbers } from '../facts/weight-numbers.ts';
import { passDocs } from '../pass-docs.ts';
import { retypePair, setInt8Scale, storedCodes } from '../edits/retype-pair.ts';
import { propose, Refusal, refuse } from '../rewrite-pass.ts';
import type { PassContext, Proposal, RewritePass } from '../rewrite-pass.ts';

const INT8_MAX = 127;

// Weights with zero points come from onnxruntime (QUInt8 weights, or WeightSymmetric off). Float weights tell their range
// themselves; where only integers are left, the numbers that they stand for are quantized anew.
export const makeWeightsSymmetric: RewritePass = {
  id: 'make-weights-symmetric',
  title: 'Quantize weights symmetrically',
  summary:
    'Weights in uint8 or with zero points become INT8 with zero point 0, with scales from the weights themselves',
  group: 'normalize',
  docs: [passDocs.explicitQuantization('weights are quantized symmetrically to INT8')],
  evidence: { kind: 'observed', engines: ['bad_zero_point', 'bad_uint8'] },
  numerics: 'approximate',
  opTypes: ['QuantizeLinear', 'DequantizeLinear'],
  check(node, context) {
    const parts = quantizerParts(node, context);
    if (!parts || !codeRange(parts.type) || (parts.type === 'int8' && isSymmetric(parts)))
      return null;
    if (node.opType === 'DequantizeLinear') return requantize(parts, context);
    if (!isConstantThroughQuantizers(parts.data)) return null;
    const floats = floatsOf(parts, context);
    if (!floats)
      return refuse('the weights are not a constant with one scale a tensor or channel', node);
    const group = pairGroup(parts, context);
    if (group instanceof Refusal) return group;
    const nodes = [node, ...group.dequantizers.map((dequantize) => dequantize.node)];
    return propose(`Make ${node.name} on weights symmetric INT8`, nodes, () => {
      const constants = new NewConstants(context);
      // Calibration may have cut the largest weights off: the new range goes no further than the old one.
      const [low, high] = codeRange(parts.type) ?? [0, 0];
      const reach = parts.scales.map((scale, i) => {
        const zero = parts.zeroPoints[i] ?? 0;
        return scale * Math.max(zero - low, high - zero);
      });
      const scales = largestOf(floats, parts.scales.length).map((largest, i) =>
        largest === 0 ? (parts.scales[i] ?? 1) : Math.min(largest, reach[i] ?? largest) / INT8_MAX,
      );
      const edits = retypePair(group, constants, () => scales);
      return [...constants.edits, ...edits];
    });
  },
};

/** Integers that are stored with zero points: what they stand for, in symmetric INT8. */
function requantize(parts: QuantizerParts, context: PassContext): Proposal | Refusal | null {
  const stored = storedCodes(parts, context);
  if (!stored) return null;
  const { node, data } = parts;
  return propose(`Store ${data.name} as symmetric INT8`, [node], () => {
    const { layout } = stored;
    const numbers = stored.codes.map((code, i) => {
      const at = layout.scaleOf(i);
      return Math.fround((code - (parts.zeroPoints[at] ?? 0)) * (parts.scales[at] ?? 1));
    });
    const constants = new NewConstants(context);
    const scales = largestOf({ numbers, layout }, parts.scales.length).map((largest, i) =>
      Math.fround(largest === 0 ? (parts.scales[i] ?? 1) : largest / INT8_MAX),
    );
    const integers = constants.add(`${data.name}_int8`, {
      dataType: 'int8',
      dims: stored.dims,
      numbers: quantizeNumbers({ numbers, layout }, scales),
    });
    const edits = setInt8Scale(parts, scales, constants);
    return [
      ...constants.edits,
      { kind: 'set-input', node: node.name, input: 0, value: integers },
      ...edits,
    ];
  });
}
