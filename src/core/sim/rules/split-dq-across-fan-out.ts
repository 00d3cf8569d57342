import { docs } from '../docs.ts';
import { cloneLayer } from '../graph/edits.ts';
import { SimTensor } from '../graph/sim-graph.ts';
import { defineSimRule, refuse } from '../sim-rule.ts';

// A DQ that several layers read is copied, one for each read, so that each reader may take or move its own.
export const splitDqAcrossFanOut = defineSimRule<true>({
  id: 'split-dq-across-fan-out',
  pass: 'SplitDQAcrossFanOut',
  summary: 'A DQ with several readers is copied for each of them',
  docs: [docs.explicitQuantization('DQ layers travel forward, towards the layers that use them')],
  evidence: { kind: 'observed', engines: ['spp_equal', 'fanout_one_q'] },
  kinds: ['DEQUANTIZE'],
  check(layer) {
    if (layer.output.readers.length < 2) return null;
    return !layer.output.isOutput || refuse('its output is also an output of the network', layer);
  },
  effect(layer, _, edit) {
    const { graph } = edit;
    edit.say(`Removing ${layer.name}`, layer);
    const output = layer.output;
    [...new Set(output.readers)]
      .flatMap((reader) =>
        reader.inputs.flatMap((tensor, at) => (tensor === output ? [{ reader, at }] : [])),
      )
      .forEach(({ reader, at }, i) => {
        const name = `${output.name}_clone_${String(i)}`;
        const fresh = new SimTensor(name, output.dims, output.dataType);
        const change = {
          name: `${layer.name}_clone_${String(i)}`,
          input: layer.input,
          output: fresh,
        };
        cloneLayer(graph, layer, change, layer);
        graph.setInput(reader, at, fresh);
      });
    graph.remove(layer);
  },
});
