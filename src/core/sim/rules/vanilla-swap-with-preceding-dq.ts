import { docs } from '../docs.ts';
import { swapWithFollower } from '../graph/edits.ts';
import { commutesWithQuantization, dataInputs } from '../graph/queries.ts';
import type { SimLayer } from '../graph/sim-graph.ts';
import { defineSimRule, refuse } from '../sim-rule.ts';

// DQ travels forward over layers that only move or pick elements, so that these run on integers, and over ReLU. A MaxPool
// or ReLU between a DQ and a Q is left to quantize-single-input-nodes (conv_q_before_Relu). Real engines decide the list:
// a Slice that skips elements and a linear Resize stay float (move_SliceHW_both, move_ResizeLinear_before).
export const vanillaSwapWithPrecedingDq = defineSimRule<SimLayer>({
  id: 'vanilla-swap-with-preceding-dq',
  pass: 'VanillaSwapWithPreceedingDQ',
  summary: 'DQ moves forward over a layer that commutes with it',
  docs: [
    docs.explicitQuantization(
      'DQ is propagated forward where the operator commutes with dequantization',
    ),
  ],
  evidence: {
    kind: 'observed',
    engines: [
      'move_Transpose_before',
      'move_ResizeNearest_before',
      'move_Pad_before',
      'spp_equal',
      'resnet18.opt2',
    ],
  },
  kinds: ['DEQUANTIZE'],
  again: true,
  check(layer) {
    const follower = layer.output.soleReader();
    if (!follower || layer.producer?.kind === 'CONSTANT') return null;
    if (!commutesWithQuantization(follower) && !isRelu(follower))
      return refusalFor(follower, layer);
    if (dataInputs(follower).length > 1 || layer.quantizer?.perTensor === false) return null;
    return isBetweenQuantizers(follower) ? null : follower;
  },
  effect(layer, follower, edit) {
    edit.say(`Swapping ${layer.name} with ${follower.name}`, layer, follower);
    swapWithFollower(edit.graph, layer, follower);
  },
});

const isRelu = (layer: SimLayer): boolean => layer.kind === 'ACTIVATION' && layer.op === 'Relu';

const isBetweenQuantizers = (layer: SimLayer): boolean =>
  (layer.kind === 'POOLING' || isRelu(layer)) &&
  layer.output.readers.every((reader) => reader.kind === 'QUANTIZE');

function refusalFor(follower: SimLayer, dq: SimLayer) {
  switch (follower.kind) {
    case 'SLICE':
      return refuse('a Slice with steps does not run on integers', follower, dq);
    case 'RESIZE':
      return refuse(
        `a ${follower.op.toLowerCase()} Resize computes new values between two quantizers`,
        follower,
        dq,
      );
    case 'CONCATENATION':
      return refuse(
        'a DQ does not move over a Concat: only a Q behind it makes it run on integers',
        follower,
        dq,
      );
    case 'SOFTMAX':
      return refuse('Softmax has no INT8 kernel', follower, dq);
    default:
      return null;
  }
}
