import type { DataType } from '../../ir/data-type.ts';
import { encodeNumbers } from '../../ir/encode-numbers.ts';
import type { Node } from '../../ir/graph.ts';
import { soleUse } from '../facts/closed-uses.ts';
import type { GraphEdit } from '../graph-edit.ts';
import { passDocs } from '../pass-docs.ts';
import { propose, refuse } from '../rewrite-pass.ts';
import type { PassContext, RewritePass } from '../rewrite-pass.ts';

/** What Relu or Clip lets through. */
interface Range {
  readonly min: number;
  readonly max: number;
}

// A convolution takes one activation. Relu and Clip in a row, or two Clips, are one Clip with the range that both let
// through: exact, for a clamp only picks one of its operands.
export const foldReluIntoClip: RewritePass = {
  id: 'fold-relu-into-clip',
  title: 'Make one Clip of Relu and Clip',
  summary: 'Clamps in a row become one, which the convolution before them takes',
  group: 'tidy',
  docs: [
    passDocs.onnx('Clip', 'limits numbers to a range'),
    passDocs.fusions('convolutions take ReLU and a Clip that starts at 0'),
  ],
  evidence: { kind: 'observed', engines: ['conv_act_Relu6_fp_out', 'conv_act_Relu6_q_after'] },
  numerics: 'bit-exact',
  opTypes: ['Relu', 'Clip'],
  check(node, context) {
    const use = soleUse(node.outputs[0]);
    const follower = use?.node;
    if (!follower || use.index !== 0 || !isClamp(follower)) return null;
    if (node.opType === 'Relu' && follower.opType === 'Relu') return null; // an idle Relu
    const [a, b] = [rangeOf(node, context), rangeOf(follower, context)];
    if (!a || !b) return refuse('its bounds are computed while the network runs', node, follower);
    const range = { min: Math.max(a.min, b.min), max: Math.min(a.max, b.max) };
    if (range.min > range.max) return refuse('the two ranges do not meet', node, follower);
    const keeps = node.opType === 'Clip' ? node : follower;
    const goes = keeps === node ? follower : node;
    return propose(`Fold ${goes.name} into ${keeps.name}`, [goes, keeps], () => [
      ...setRange(keeps, range, context),
      { kind: 'bypass-node', node: goes.name },
    ]);
  },
};

const isClamp = (node: Node): boolean =>
  node.domain === '' && (node.opType === 'Relu' || node.opType === 'Clip');

function rangeOf(node: Node, context: PassContext): Range | null {
  if (node.opType === 'Relu') return { min: 0, max: Infinity };
  const min = boundOf(node, 'min', context);
  const max = boundOf(node, 'max', context);
  return min === undefined || max === undefined ? null : { min, max };
}

type End = 'min' | 'max';
const INDEX: Readonly<Record<End, number>> = { min: 1, max: 2 };

/** A bound of a Clip, which was an attribute before opset 11; infinite where there is none, undefined where it is computed. */
function boundOf(node: Node, end: End, context: PassContext): number | undefined {
  const attribute = node.attributes.get(end);
  if (attribute?.type === 'float') return attribute.value;
  const value = node.inputs[INDEX[end]];
  if (value && value.name !== '') return context.numbers(value)?.[0];
  return end === 'min' ? -Infinity : Infinity;
}

function setRange(clip: Node, range: Range, context: PassContext): readonly GraphEdit[] {
  const dataType = clip.outputs[0]?.dataType ?? 'float32';
  return (['min', 'max'] as const).flatMap((end) => {
    if (range[end] === boundOf(clip, end, context)) return [];
    if ((context.model.opsets.get('') ?? 1) < OPSET_OF_INPUTS) {
      const attribute = { name: end, type: 'float', value: range[end] } as const;
      return [{ kind: 'set-attributes', node: clip.name, attributes: { [end]: attribute } }];
    }
    return newBound(clip, end, { dataType, number: range[end] }, context);
  });
}

/** Bounds are inputs from here on. */
const OPSET_OF_INPUTS = 11;

function newBound(
  clip: Node,
  end: End,
  { dataType, number }: { readonly dataType: DataType; readonly number: number },
  context: PassContext,
): readonly GraphEdit[] {
  const name = context.freshName(`${clip.name}_${end}`);
  const bytes = encodeNumbers(dataType, [number]);
  if (!bytes) return [];
  return [
    { kind: 'add-constant', name, dataType, dims: [], bytes },
    { kind: 'set-input', node: clip.name, input: INDEX[end], value: name },
  ];
}
