import { docs } from '../docs.ts';
import { absorbFollower, absorbProducer } from '../graph/edits.ts';
import { dequantizeOf, soleQuantize } from '../graph/queries.ts';
import type { SimLayer } from '../graph/sim-graph.ts';
import { defineSimRule, refuse } from '../sim-rule.ts';

// Pooling, a linear Resize, a scale and a point-wise layer of one input run in INT8 when a DQ stands before and a Q
// behind them; the scales may differ. Only one of the two leaves the layer in float.
export const quantizeSingleInputNodes = defineSimRule<SimLayer>({
  id: 'quantize-single-input-nodes',
  pass: 'QuantizeSingleInputNodes',
  summary: 'A layer with one input takes the DQ before it and the Q behind it',
  docs: [
    docs.explicitQuantization(
      'quantizable layers without weights need DQ in front and Q behind to run in INT8',
    ),
  ],
  evidence: {
    kind: 'observed',
    engines: ['pool_AveragePool_both_unequal', 'conv_q_before_Relu', 'move_AddConst_both'],
  },
  kinds: ['POINTWISE', 'POOLING', 'SCALE', 'RESIZE'],
  check(layer) {
    if (layer.quantized || layer.inputs.length !== 1 || layer.op === 'Requantize') return null;
    const dq = dequantizeOf(layer.inputs[0]);
    const q = layer.output.readers.find((reader) => reader.kind === 'QUANTIZE');
    if (dq && q)
      return (
        soleQuantize(layer.output) ?? refuse('its result has other readers beside the Q', layer)
      );
    if (layer.kind === 'POINTWISE' || (!dq && !q)) return null;
    return dq ? refuse('no Q follows it', layer, dq) : refuse('no DQ stands before it', layer);
  },
  effect(layer, q, edit) {
    edit.say(`Removing ${q.name} and ${layer.producer?.name ?? ''}`, layer, q);
    absorbFollower(edit.graph, layer, q, layer.name);
    absorbProducer(edit.graph, layer, 0);
    layer.quantized = true;
  },
});
