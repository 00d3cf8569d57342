import { docs } from '../docs.ts';
import { absorbFollower } from '../graph/edits.ts';
import { sameDims } from '../graph/queries.ts';
import type { SimLayer } from '../graph/sim-graph.ts';
import { defineSimRule, refuse } from '../sim-rule.ts';

// A convolution takes the Add behind it, and with it the ReLU that joined the Add; the other operand becomes its
// residual input. The result then has the type of that operand: with a float shortcut, float. Where both operands come
// from convolutions, the one nearer to the network's input takes the Add (the shortcut's): the walk goes level by level.
export const convEltwiseSumFusion = defineSimRule<SimLayer>({
  id: 'conv-eltwise-sum-fusion',
  pass: 'ConvEltwiseSumFusion',
  summary: 'A residual Add runs inside the convolution before it',
  docs: [docs.fusions('convolution and element-wise sum become one layer')],
  evidence: {
    kind: 'observed',
    engines: ['residual_id_none_relu_c64', 'residual_down_none_relu_c72', 'mbv2_none'],
  },
  kinds: ['ELEMENTWISE'],
  check(layer) {
    if (layer.op !== 'SUM' || layer.inputs.length !== 2 || layer.quantized) return null;
    const [a, b] = layer.inputs;
    if (!a || !b) return null;
    const candidates = [a, b].flatMap(({ producer }) =>
      producer?.kind === 'CONVOLUTION' ? [producer] : [],
    );
    if (candidates.length === 0) return null;
    const free = candidates.filter(
      (conv) => !conv.activation && !conv.hasResidual && conv.output.soleReader() === layer,
    );
    if (free.length === 0)
      return refuse(
        'the convolutions before it have an activation or other readers',
        ...candidates,
      );
    if (!sameDims(a, b)) return refuse('its operands differ in shape', layer);
    return free.reduce((best, conv) => (depth(conv) < depth(best) ? conv : best));
  },
  effect(layer, conv, edit) {
    edit.say(`ConvEltwiseSumFusion: Fusing ${conv.name} with ${layer.name}`, conv, layer);
    absorbFollower(edit.graph, conv, layer);
    conv.activation = layer.activation;
    conv.hasResidual = true;
  },
});

/** Steps back to where the two branches of a block part: enough to tell which one is shorter. */
function depth(conv: SimLayer): number {
  let steps = 0;
  for (let layer = conv.producer; layer && steps < 64; layer = layer.producer, steps++)
    if (layer.output.readers.length > 1) break;
  return steps;
}
