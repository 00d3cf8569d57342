import type { Node, Use } from '../../ir/graph.ts';
import type { ScaleSource } from '../../placement/placement-edit.ts';
import { dequantizeBefore } from '../facts/activation-pairs.ts';
import { closedUses, quantizesOf } from '../facts/closed-uses.ts';
import { dataInputs, isCopyingOne } from '../facts/copying-nodes.ts';
import { hasQuantizedWeights } from '../facts/int8-layers.ts';
import { needsBothSides } from '../facts/layer-kinds.ts';
import { newTypeNear, typeRefusal } from '../facts/pair-scale.ts';
import { isExcluded } from '../is-excluded.ts';
import { passDocs } from '../pass-docs.ts';
import { propose, refuse } from '../rewrite-pass.ts';
import type { PassContext, RewritePass } from '../rewrite-pass.ts';

// Layers without weights compute in INT8 only when a Q follows: with DQ on all their inputs and none behind, averages and
// linear resizing leave the DQ as a layer over the larger tensor and run in float. An element-wise layer takes its DQs all
// the same; a Q behind it pays where a reader goes on in INT8. An average lies within the range of what it averages, so
// it takes the scale that is there; sums and products get theirs from calibration.
export const quantizePlainOutput: RewritePass = {
  id: 'quantize-plain-output',
  title: 'Quantize the output of layers without weights',
  summary:
    'A pooling, resizing, sum or product of dequantized tensors runs in INT8 when a Q follows it',
  group: 'place',
  docs: [passDocs.explicitQuantization('layers without weights need quantized outputs, too')],
  evidence: {
    kind: 'observed',
    engines: ['pool_AveragePool_before', 'pool_AveragePool_both_equal', 'eltwise_Add_both_equal'],
  },
  numerics: 'approximate',
  opTypes: [
    'AveragePool',
    'GlobalAveragePool',
    'ReduceMean',
    'Resize',
    'Upsample',
    'Add',
    'Sub',
    'Mul',
    'Max',
    'Min',
  ],
  check(node, context) {
    const [output] = node.outputs;
    const inputs = dataInputs(node);
    const dequantizers = inputs.flatMap(({ value }) => dequantizeBefore(value) ?? []);
    const [first] = dequantizers;
    if (!output || !first || dequantizers.length < inputs.length) return null;
    if (quantizesOf(output).length > 0 || isExcluded(node, context.settings)) return null;
    const uses = closedUses(output);
    if (!uses) return null;
    const type = newTypeNear(first, context);
    if (!type) return refuse(typeRefusal(first), node, first);
    const averages = needsBothSides(node, context);
    if (!averages && inputs.length < 2) return null;
    const float = uses.find((use) => !goesOn(use, context));
    if (float) return refuse('a reader computes in float all the same', node, float.node);
    const scale: ScaleSource = averages
      ? { kind: 'same-as', quantizer: first.name }
      : { kind: 'to-calibrate', type };
    return propose(`Quantize the output of ${node.name}`, [node], () => [
      { kind: 'add-pair', value: output.name, scale },
    ]);
  },
};

/** A reader that computes in INT8 once its input has a DQ: its other operands have theirs already. */
function goesOn({ node, index }: Use, context: PassContext): boolean {
  if (/^Conv(?:Transpose)?$/.test(node.opType))
    return index === 0 && hasQuantizedWeights(node.inputs[1]);
  if (needsBothSides(node, context) || isCopyingOne(node, context))
    return node.outputs.every((value) => isReadInInt8(node, value.uses(), context));
  return /^(?:Add|Sub|Mul|Max|Min)$/.test(node.opType) && othersAreQuantized(node, index);
}

const isReadInInt8 = (node: Node, uses: readonly Use[], context: PassContext): boolean =>
  uses.length > 0 &&
  node.outputs.every((value) => !value.isGraphOutput) &&
  uses.every((use) => quantizesOf(node.outputs[0]).includes(use.node) || goesOn(use, context));

const othersAreQuantized = (node: Node, index: number): boolean =>
  node.inputs.every((value, i) => i === index || (value ? dequantizeBefore(value) !== null : true));
