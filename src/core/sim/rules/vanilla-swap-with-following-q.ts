import { docs } from '../docs.ts';
import { swapWithFollower } from '../graph/edits.ts';
import {
  commutesWithQuantization,
  dataInputs,
  isReluLike,
  otherReaders,
  soleQuantize,
} from '../graph/queries.ts';
import type { SimLayer } from '../graph/sim-graph.ts';
import { defineSimRule, refuse } from '../sim-rule.ts';

// Q travels backward over layers that commute with it, towards the layer that can compute it in its epilogue. A ReLU
// commutes too (the zero point is 0), unless a DQ stands right before it. Every reader must take the same Q.
export const vanillaSwapWithFollowingQ = defineSimRule<SimLayer>({
  id: 'vanilla-swap-with-following-q',
  pass: 'VanillaSwapWithFollowingQ',
  summary: 'Q moves backward over a layer that commutes with it',
  docs: [
    docs.explicitQuantization(
      'Q is propagated backward where the operator commutes with quantization',
    ),
  ],
  evidence: {
    kind: 'observed',
    engines: ['pool_MaxPool_after', 'deconv_k3_relu_q_after', 'concat_upsample_unequal'],
  },
  kinds: ['POOLING', 'RESIZE', 'SHUFFLE', 'SLICE', 'CAST', 'ACTIVATION'],
  check(layer) {
    if (!commutesWithQuantization(layer) && !isReluLike(layer)) return null;
    const q = layer.output.readers.find((reader) => reader.kind === 'QUANTIZE');
    if (!q || q.quantizer?.perTensor === false || dataInputs(layer).length > 1) return null;
    if (layer.producer?.kind === 'DEQUANTIZE' && (isReluLike(layer) || layer.kind === 'POOLING'))
      return null;
    return (
      soleQuantize(layer.output) ??
      refuse(
        'another reader takes the tensor in float or with another scale',
        q,
        ...otherReaders(layer.output, q),
      )
    );
  },
  effect(layer, q, edit) {
    edit.say(`Swapping ${layer.name} with ${q.name}`, layer, q);
    swapWithFollower(edit.graph, layer, q);
  },
});
