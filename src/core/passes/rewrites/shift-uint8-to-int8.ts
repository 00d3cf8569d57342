import { pairGroup, quantizerParts } from '../facts/quantizer-parts.ts';
import type { QuantizerParts } from '../facts/quantizer-parts.ts';
import type { GraphEdit } from '../graph-edit.ts';
import { NewConstants } from '../edits/new-constants.ts';
import { passDocs } from '../pass-docs.ts';
import { propose, Refusal } from '../rewrite-pass.ts';
import type { PassContext, Proposal, RewritePass } from '../rewrite-pass.ts';
import { retypePair, storedCodes } from '../edits/retype-pair.ts';

const MIDDLE = 128;

// uint8 with a zero point of 128 is INT8 with another name for each integer: code 128 + k stands for the same number as
// code k. Stored weights may have any zero point, as long as each integer less its zero point fits INT8.
export const shiftUint8ToInt8: RewritePass = {
  id: 'shift-uint8-to-int8',
  title: 'Rename unsigned integers to signed ones',
  summary:
    'uint8 around 128, and stored weights that fit, become INT8 around 0 with the same scale, which TensorRT takes',
  group: 'normalize',
  docs: [passDocs.quantizationSchemes('INT8 is signed and symmetric: zero points are 0')],
  evidence: { kind: 'observed', engines: ['bad_uint8', 'bad_zero_point'] },
  numerics: 'bit-exact',
  opTypes: ['QuantizeLinear', 'DequantizeLinear'],
  check(node, context) {
    const parts = quantizerParts(node, context);
    if (!parts || (parts.type !== 'uint8' && parts.type !== 'int8')) return null;
    if (node.opType === 'DequantizeLinear') return shiftStored(parts, context);
    if (parts.type !== 'uint8' || !parts.zeroPoints.every((zero) => zero === MIDDLE)) return null;
    const group = pairGroup(parts, context);
    // A Clip on the integers narrows the range: the symmetric range follows from it.
    if (group instanceof Refusal || group.clip) return group instanceof Refusal ? group : null;
    const nodes = [node, ...group.dequantizers.map((dequantize) => dequantize.node)];
    return propose(`Make ${node.name} INT8 with the scale that it has`, nodes, () => {
      const constants = new NewConstants(context);
      const edits = retypePair(group, constants, (same) => same.scales);
      return [...constants.edits, ...edits];
    });
  },
};

function shiftStored(parts: QuantizerParts, context: PassContext): Proposal | null {
  const stored = storedCodes(parts, context);
  if (!stored || (parts.type === 'int8' && parts.zeroPoints.every((zero) => zero === 0)))
    return null;
  const { codes, layout } = stored;
  const shifted = codes.map((code, i) => code - (parts.zeroPoints[layout.scaleOf(i)] ?? 0));
  if (!shifted.every((code) => code >= -128 && code <= 127)) return null;
  const { node, data, output, scaleTensor } = parts;
  return propose(`Store ${data.name} as INT8 with zero point 0`, [node], (): GraphEdit[] => {
    const constants = new NewConstants(context);
    const integers = constants.add(`${data.name}_int8`, {
      dataType: 'int8',
      dims: stored.dims,
      numbers: shifted,
    });
    const zeroPoint = constants.add(`${output.name}_zero_point`, {
      dataType: 'int8',
      dims: scaleTensor.dims,
      numbers: parts.scales.map(() => 0),
    });
    return [
      ...constants.edits,
      { kind: 'set-input', node: node.name, input: 0, value: integers },
      { kind: 'set-input', node: node.name, input: 2, value: zeroPoint },
    ];
  });
}
