import type { Node } from '../../ir/graph.ts';
import { attrString } from '../../ir/node-attributes.ts';
import { commonQuantize, dequantizeBefore, wholePair } from '../facts/activation-pairs.ts';
import { closedUses, soleUse } from '../facts/closed-uses.ts';
import { dataInputs, isCopyingOne } from '../facts/copying-nodes.ts';
import { takesQuantizer } from '../facts/int8-layers.ts';
import { isExcluded } from '../is-excluded.ts';
import { passDocs } from '../pass-docs.ts';
import { propose, refuse } from '../rewrite-pass.ts';
import type { RewritePass } from '../rewrite-pass.ts';

// TensorRT moves a Q of a sole reader over all of these by itself, and DQ the other way: no given engine changes when a
// model does it first. But in the model the pair then stands where the engine has it: beside the layer that computes it,
// where equal ones meet and merge. Slices that skip elements, and padding with another number than 0, TensorRT runs in
// float whatever stands around them; averages and linear resizing do not commute.
export const hoistQuantizer: RewritePass = {
  id: 'hoist-quantizer',
  title: 'Move Q/DQ up to the layer that computes the values',
  summary: 'A pair behind nodes that only move elements stands before them, as TensorRT places it',
  group: 'place',
  docs: [
    passDocs.explicitQuantization(
      'Q is propagated backward where the operator commutes with quantization',
    ),
  ],
  evidence: { kind: 'observed', engines: ['pool_MaxPool_after', 'move_Pad_before'] },
  numerics: 'bit-exact',
  onRequest: 'TensorRT moves these by itself: its engines are the same',
  opTypes: [
    'Pad',
    'Slice',
    'Transpose',
    'Reshape',
    'Flatten',
    'Squeeze',
    'Unsqueeze',
    'Resize',
    'Upsample',
    'DepthToSpace',
    'SpaceToDepth',
    'MaxPool',
    'GlobalMaxPool',
  ],
  check(node, context) {
    const [source] = node.inputs;
    const [output] = node.outputs;
    const quantize = commonQuantize(output, context);
    if (!source || !output || !quantize || dequantizeBefore(source)) return null;
    if (isExcluded(node, context.settings)) return null;
    if (!isCopyingOne(node, context)) return whyNot(node, quantize);
    if (dataInputs(node).length !== 1) return refuse('its shape is computed', node);
    const quantizes = closedUses(output) ?? [];
    if (quantizes.length > 1 || !wholePair(quantize, context))
      return refuse('its quantizers are not one pair: merge them first', node, quantize);
    if (soleUse(source) === null) return refuse('the value before it has other readers', node);
    if (!takesQuantizer(source, context))
      return refuse('no layer before it computes the Q', node, source.producer());
    return propose(`Move ${quantize.name} above ${node.name}`, [quantize, node], () => [
      { kind: 'move-pair', quantize: quantize.name, over: node.name },
    ]);
  },
};

function whyNot(node: Node, quantize: Node): ReturnType<RewritePass['check']> {
  if (node.opType === 'Pad') return refuse('it pads with another number than 0', node, quantize);
  if (node.opType === 'Slice') return refuse('it skips elements', node, quantize);
  const mode = attrString(node, 'mode', 'nearest');
  return mode === 'nearest' ? null : refuse('it computes new values', node, quantize);
}
