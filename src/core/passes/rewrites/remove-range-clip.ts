import { constantOf, isQuantizeNode } from '../../ir/quantizer-nodes.ts';
import { codeRange, isSymmetric, quantizerParts } from '../facts/quantizer-parts.ts';
import type { QuantizerParts } from '../facts/quantizer-parts.ts';
import type { GraphEdit } from '../graph-edit.ts';
import { NewConstants } from '../edits/new-constants.ts';
import { passDocs } from '../pass-docs.ts';
import { propose, refuse } from '../rewrite-pass.ts';
import type { PassContext, Proposal, Refusal, RewritePass } from '../rewrite-pass.ts';
import type { Node, Value } from '../../ir/graph.ts';

/** A narrow range leaves only -128 out: less than a step at the end of the range. */
const NARROW = -127;

// Brevitas and others clip integers between Q and DQ: to the narrow range, or to fewer bits than the type has. TensorRT has
// no Clip on INT8, and it would part Q and DQ anyway. The full range and -127 need none; a smaller one is clipped in float.
export const removeRangeClip: RewritePass = {
  id: 'remove-range-clip',
  title: 'Take Clips on integers out',
  summary:
    'A Clip between Q and DQ goes where it keeps the whole range, and else moves to the float side, so that the pair is one again',
  group: 'normalize',
  docs: [passDocs.onnx('Clip', 'both bounds are of the type of the data')],
  evidence: { kind: 'inferred', from: 'the importer of Clip, which knows no INT8' },
  numerics: 'one-step',
  opTypes: ['Clip'],
  check(node, context) {
    const [data] = node.inputs;
    const maker = data?.producer();
    const type = constantOf(data)?.dataType ?? data?.dataType;
    const codes = type && codeRange(type);
    if (!data || !codes) return null;
    const low = context.numbers(node.inputs[1])?.[0] ?? (node.inputs[1] ? NaN : codes[0]);
    const high = context.numbers(node.inputs[2])?.[0] ?? (node.inputs[2] ? NaN : codes[1]);
    if (Number.isNaN(low) || Number.isNaN(high)) return refuse('its bounds are no constants', node);
    if (low <= codes[0] && high >= codes[1]) return bypass(node, maker);
    if (constantOf(data)) return clipStored(node, [low, high], context);
    const quantize = quantizerParts(maker, context);
    if (!quantize || !isQuantizeNode(maker)) return null;
    // What has a zero point is made symmetric first, over the range that the Clip leaves.
    if (quantize.type !== 'int8' || !isSymmetric(quantize)) return null;
    if (low <= NARROW && high >= codes[1]) return bypass(node, maker);
    return clipFloats(node, quantize, [low, high], context);
  },
};

const bypass = (node: Node, maker: Node | null | undefined): Proposal =>
  propose(`Take ${node.name} out`, [node, maker], () => [{ kind: 'bypass-node', node: node.name }]);

/** Integers that are stored: clipped once and for all. */
function clipStored(
  node: Node,
  [low, high]: readonly [number, number],
  context: PassContext,
): Proposal | Refusal | null {
  const [data] = node.inputs;
  const [output] = node.outputs;
  const tensor = constantOf(data);
  const numbers = context.numbers(data);
  if (!data || !output || !tensor || !numbers) return null;
  if (output.isGraphOutput) return refuse(`${output.name} is an output of the network`, node);
  const clipped = numbers.map((code) => Math.min(high, Math.max(low, code)));
  const isSame = clipped.every((code, i) => code === numbers[i]);
  return propose(`Clip the integers of ${data.name} as they are stored`, [node], () => {
    const constants = new NewConstants(context);
    const { dataType, dims } = tensor;
    const by = isSame
      ? data.name
      : constants.add(`${data.name}_clipped`, { dataType, dims, numbers: clipped });
    return [
      ...constants.edits,
      { kind: 'replace-reads', value: output.name, by },
      { kind: 'remove-node', node: node.name },
    ];
  });
}

/** Fewer bits than INT8 has: the same limits on the floats, in front of the Q. */
function clipFloats(
  node: Node,
  { node: quantize, data, scaleTensor, scales }: QuantizerParts,
  bounds: readonly number[],
  context: PassContext,
): Proposal | Refusal {
  const others = quantize.outputs[0]?.consumers().filter((reader) => reader !== node) ?? [];
  if (others.length > 0 || quantize.outputs[0]?.isGraphOutput === true)
    return refuse('others read the integers unclipped', quantize, node, ...others);
  if (scales.length > 1) return refuse('the scales are one for each channel', quantize, node);
  const text = `Clip ${data.name} in front of ${quantize.name} instead of its integers`;
  return propose(text, [quantize, node], (): GraphEdit[] => {
    const constants = new NewConstants(context);
    const { dataType } = scaleTensor;
    const [low, high] = bounds.map((code, i) =>
      constants.add(`${data.name}_${i === 0 ? 'lowest' : 'highest'}`, {
        dataType,
        dims: [],
        numbers: [code * (scales[0] ?? 1)],
      }),
    );
    const name = context.freshName(`${data.name}_Clip`);
    const output = context.freshName(`${data.name}_clipped`);
    return [
      ...constants.edits,
      addClip(name, [data.name, low ?? null, high ?? null], {
        data,
        output,
        before: quantize.name,
      }),
      { kind: 'set-input', node: quantize.name, input: 0, value: output },
      { kind: 'bypass-node', node: node.name },
    ];
  });
}

function addClip(
  name: string,
  inputs: readonly (string | null)[],
  { data, output, before }: { data: Value; output: string; before: string },
): GraphEdit {
  const shape = data.shape ? { shape: data.shape } : {};
  const outputs = [{ name: output, dataType: data.dataType ?? 'float32', ...shape }] as const;
  return { kind: 'add-node', name, opType: 'Clip', inputs, outputs, before };
}
