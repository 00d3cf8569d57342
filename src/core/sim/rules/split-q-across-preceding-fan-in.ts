import { docs } from '../docs.ts';
import { cloneLayer } from '../graph/edits.ts';
import { soleQuantize } from '../graph/queries.ts';
import type { SimLayer } from '../graph/sim-graph.ts';
import { SimTensor } from '../graph/sim-graph.ts';
import { defineSimRule, refuse } from '../sim-rule.ts';

// A Q behind a Concat is copied to each of its inputs, and the Concat joins integers. The same holds for Max and Min,
// which pick one of their operands. Without a Q behind them the DQs in front stay and the Concat is float.
export const splitQAcrossPrecedingFanIn = defineSimRule<SimLayer>({
  id: 'split-q-across-preceding-fan-in',
  pass: 'SplitQAcrossPrecedingFanIn',
  summary: 'A Q behind a Concat, Max or Min is copied to each of its inputs',
  docs: [
    docs.explicitQuantization(
      'Q is propagated backward where the operator commutes with quantization',
    ),
  ],
  evidence: {
    kind: 'observed',
    engines: ['concat_unequal_after', 'eltwise_Max_none', 'concat_unequal'],
  },
  kinds: ['CONCATENATION', 'ELEMENTWISE'],
  check(layer) {
    if (layer.kind === 'ELEMENTWISE' && layer.op !== 'MAX' && layer.op !== 'MIN') return null;
    const q = layer.output.readers.find((reader) => reader.kind === 'QUANTIZE');
    if (!q) {
      const quantized = layer.inputs.flatMap((tensor) =>
        tensor.producer?.kind === 'DEQUANTIZE' ? [tensor.producer] : [],
      );
      return quantized.length > 0
        ? refuse(`no Q follows ${layer.name}, so it runs in float`, ...quantized)
        : null;
    }
    if (q.quantizer?.perTensor === false) return null;
    return (
      soleQuantize(layer.output) ??
      refuse('another reader takes the joined tensor in float', ...layer.output.readers)
    );
  },
  effect(layer, q, edit) {
    const { graph } = edit;
    edit.say(`${q.name} is copied to the inputs of ${layer.name}`, layer, q);
    const end = q.output;
    layer.inputs.forEach((tensor, i) => {
      const name = `${layer.name}_${tensor.name}_clone_${String(i)}`;
      const output = new SimTensor(name, tensor.dims, end.dataType);
      cloneLayer(graph, q, { name: `${q.name}_clone_${String(i)}`, input: tensor, output }, layer);
      graph.setInput(layer, i, output);
    });
    graph.remove(q);
    graph.setOutput(layer, 0, end);
    layer.quantized = true;
  },
});
