import { docs } from '../docs.ts';
import { absorbFollower, absorbProducer } from '../graph/edits.ts';
import { dequantizeOf, soleQuantize } from '../graph/queries.ts';
import type { SimLayer } from '../graph/sim-graph.ts';
import { defineSimRule, refuse } from '../sim-rule.ts';
import { compareVersions } from '../target.ts';

interface Match {
  readonly q: SimLayer | null;
  readonly allDequantized: boolean;
}

// A point-wise layer takes the DQs before it if all its inputs have one, and the Q behind it if nobody else reads the
// result; each of the two by itself. So float in and INT8 out occurs; from TensorRT 10 on, weakly typed, also INT8 in and
// float out, where 8.6 and strongly typed builds leave the DQs as layers (residual_id_both_relu_c64).
export const quantizeGenericNodes = defineSimRule<Match>({
  id: 'quantize-generic-nodes',
  pass: 'QuantizeGenericNodes',
  summary: 'A point-wise layer takes the DQs of all its inputs, and the Q behind it',
  docs: [
    docs.explicitQuantization(
      'element-wise layers fuse with the DQ of every input and the Q of the output',
    ),
  ],
  evidence: {
    kind: 'observed',
    engines: [
      'silu_before_sigmoid_same',
      'residual_id_both_relu_c64',
      'deconv_k3_silu_q_after',
      'eltwise_Add_one',
    ],
  },
  kinds: ['POINTWISE'],
  check(layer, { target }) {
    if (layer.quantized) return null;
    const dequantized = layer.inputs.filter((tensor) => dequantizeOf(tensor));
    const allDequantized = dequantized.length > 0 && dequantized.length === layer.inputs.length;
    const q = soleQuantize(layer.output);
    if (q) return { q, allDequantized };
    if (allDequantized && compareVersions(target.trt, '10.0') >= 0 && target.mode !== 'strong')
      return { q, allDequantized };
    if (allDequantized)
      return refuse('strongly typed, and before TensorRT 10, it also needs a Q behind it', layer);
    if (dequantized.length === 0) return null;
    const float = layer.inputs.find((tensor) => !dequantizeOf(tensor));
    return refuse(
      `its input ${float?.name ?? ''} has no Q/DQ, so the other is dequantized by a layer of its own`,
      layer,
      ...layer.inputs.flatMap((tensor) => dequantizeOf(tensor) ?? []),
    );
  },
  effect(layer, { q, allDequantized }, edit) {
    const { graph } = edit;
    if (allDequantized)
      for (let index = 0; index < layer.inputs.length; index++) {
        edit.say(
          `QuantizeGenericNodes: fusing ${layer.inputs[index]?.producer?.name ?? ''} into ${layer.name}`,
          layer,
        );
        absorbProducer(graph, layer, index);
      }
    if (q) {
      edit.say(`QuantizeGenericNodes: fusing ${q.name} into ${layer.name}`, layer, q);
      absorbFollower(graph, layer, q, layer.name);
    }
    layer.quantized = true;
  },
});
