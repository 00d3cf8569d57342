import { isConstantThroughQuantizers } from '../../ir/quantizer-nodes.ts';
import { codeRange, isSymmetric, pairGroup, quantizerParts } from '../facts/quantizer-parts.ts';
import type { PairGroup } from '../facts/quantizer-parts.ts';
import { boundsOf } from '../facts/value-bounds.ts';
import type { GraphEdit } from '../graph-edit.ts';
import { NewConstants } from '../edits/new-constants.ts';
import { passDocs } from '../pass-docs.ts';
import { retypePair } from '../edits/retype-pair.ts';
import { propose, Refusal, refuse } from '../rewrite-pass.ts';
import type { PassContext, Proposal, RewritePass } from '../rewrite-pass.ts';

/** INT8 leaves -128 out, so that both sides of 0 reach equally far. */
const INT8_MAX = 127;

// onnxruntime, torch.ao and others quantize activations with zero points by default. The symmetric range that covers the
// old one has a coarser step. A range that starts at 0 also clamped what is below: exporters take a Relu out for that, so
// where negative numbers can come, the Relu must be put back. Network inputs are taken to lie in the range calibrated.
export const makeActivationsSymmetric: RewritePass = {
  id: 'make-activations-symmetric',
  title: 'Quantize activations symmetrically',
  summary:
    'uint8 or shifted quantizers become INT8 with zero point 0, the only ones that TensorRT takes, over a range that covers the old one',
  group: 'normalize',
  docs: [
    passDocs.explicitQuantization('quantization is symmetric: zero points are 0'),
    passDocs.onnx('QuantizeLinear', 'without a zero point the type is uint8'),
  ],
  evidence: { kind: 'observed', engines: ['bad_zero_point', 'bad_uint8'] },
  numerics: 'approximate',
  opTypes: ['QuantizeLinear', 'DequantizeLinear'],
  check(node, context) {
    const parts = quantizerParts(node, context);
    const codes = parts && codeRange(parts.type);
    if (!parts || !codes || (parts.type === 'int8' && isSymmetric(parts))) return null;
    if (isConstantThroughQuantizers(parts.data)) return null;
    if (node.opType === 'DequantizeLinear')
      return parts.data.isGraphInput
        ? refuse(`the network takes ${parts.data.name} as ${parts.type}`, node)
        : null;
    if (parts.scales.length > 1) return refuse('it has a scale for each channel', node);
    const group = pairGroup(parts, context);
    if (group instanceof Refusal) return group;
    return proposal(group, codes, context);
  },
};

function proposal(
  group: PairGroup,
  codes: readonly [number, number],
  context: PassContext,
): Proposal {
  const { quantize, dequantizers, clip } = group;
  const [scale = 1] = quantize.scales;
  const [zero = 0] = quantize.zeroPoints;
  const low = (Math.max(codes[0], clip?.low ?? -Infinity) - zero) * scale;
  const high = (Math.min(codes[1], clip?.high ?? Infinity) - zero) * scale;
  const symmetric = Math.fround(Math.max(Math.abs(low), Math.abs(high)) / INT8_MAX);
  const { node, data } = quantize;
  const isClamped = low >= 0 && boundsOf(data, context).min < 0;
  const needsRelu = isClamped && !data.isGraphInput;
  const nodes = [node, ...dequantizers.map((dequantize) => dequantize.node), clip?.node];
  const assumed = isClamped ? `, taking it that ${data.name} is fed nothing below 0` : '';
  const note = needsRelu ? ', and put back the Relu that its range stood for' : assumed;
  return propose(
    `Make ${node.name} symmetric INT8: ${loss(scale, symmetric)}${note}`,
    nodes,
    () => {
      const constants = new NewConstants(context);
      const edits = retypePair(group, constants, () => [symmetric]);
      if (needsRelu) edits.push(...reluBefore(group, context));
      return [...constants.edits, ...edits];
    },
  );
}

/** How much coarser the grid gets: `its step grows from 0.0123 to 0.0189, 0.62 of a bit`. */
function loss(before: number, after: number): string {
  const bits = Math.log2(after / before);
  const [from, to] = [before, after].map((step) => step.toPrecision(3));
  if (Math.abs(bits) < 0.005) return `its step stays ${from ?? ''}`;
  const change = after > before ? 'grows' : 'shrinks';
  return `its step ${change} from ${from ?? ''} to ${to ?? ''}, ${Math.abs(bits).toFixed(2)} of a bit`;
}

function reluBefore({ quantize }: PairGroup, context: PassContext): GraphEdit[] {
  const { node, data } = quantize;
  const name = context.freshName(`${data.name}_Relu`);
  const output = context.freshName(`${data.name}_clamped`);
  const shape = data.shape ? { shape: data.shape } : {};
  return [
    {
      kind: 'add-node',
      name,
      opType: 'Relu',
      inputs: [data.name],
      outputs: [{ name: output, dataType: data.dataType ?? 'float32', ...shape }],
      before: node.name,
    },
    { kind: 'set-input', node: node.name, input: 0, value: output },
  ];
}
