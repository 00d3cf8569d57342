import { docs } from '../docs.ts';
import { SimTensor } from '../graph/sim-graph.ts';
import { defineSimRule } from '../sim-rule.ts';

// A constant that several layers read is copied for each, so that each can take its own.
export const constantSplit = defineSimRule<true>({
  id: 'constant-split',
  pass: 'ConstantSplit',
  summary: 'A constant with several readers is copied for each of them',
  docs: [docs.fusions('constants are folded into the layers that use them')],
  evidence: { kind: 'observed', engines: ['convnext_atto.convs'] },
  kinds: ['CONSTANT'],
  check: (layer) => (layer.output.readers.length > 1 ? true : null),
  effect(layer, _, edit) {
    const { graph } = edit;
    const { output } = layer;
    for (const reader of output.readers.slice(1)) {
      const copy = new SimTensor(output.name, output.dims, output.dataType);
      graph.add(
        {
          kind: 'CONSTANT',
          op: layer.op,
          name: layer.name,
          nodes: layer.nodes,
          inputs: [],
          outputs: [copy],
          parameters: layer.parameters,
        },
        layer,
      );
      graph.setInput(reader, reader.inputs.indexOf(output), copy);
    }
    edit.say(`${layer.name} is copied for each of its readers`, layer);
  },
});
