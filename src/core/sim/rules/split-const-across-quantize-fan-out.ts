import { docs } from '../docs.ts';
import type { SimLayer } from '../graph/sim-graph.ts';
import { SimTensor } from '../graph/sim-graph.ts';
import { defineSimRule } from '../sim-rule.ts';

// A constant that several Qs read is copied for each, so that each copy can take its Q: weights that an exporter shares
// between layers because they are equal.
export const splitConstAcrossQuantizeFanOut = defineSimRule<readonly SimLayer[]>({
  id: 'split-const-across-quantize-fan-out',
  pass: 'SplitConstAcrossQuantizeFanOut',
  summary: 'A constant that several Q read is copied for each of them',
  docs: [
    docs.explicitQuantization('weights in high precision are quantized while the engine is built'),
  ],
  evidence: {
    kind: 'inferred',
    from: 'the verbose logs of GERNet and CSPResNet (timm), whose exporter shares equal weights by an Identity',
  },
  kinds: ['CONSTANT'],
  check({ output: { readers, isOutput } }) {
    const quantized = readers.every((reader) => reader.kind === 'QUANTIZE');
    return quantized && readers.length > 1 && !isOutput ? readers : null;
  },
  effect(layer, readers, edit) {
    const { kind, op, name, nodes, output, parameters } = layer;
    const { graph } = edit;
    edit.say(`Removing ${name}`, layer);
    [...readers].forEach((reader, i) => {
      const suffix = `_clone_${String(i)}`;
      const copy = new SimTensor(`${output.name}${suffix}`, output.dims, output.dataType);
      const init = { kind, op, nodes, inputs: [], parameters };
      graph.add({ ...init, name: `${name}${suffix}`, outputs: [copy] }, layer);
      graph.setInput(reader, 0, copy);
    });
    graph.remove(layer);
  },
});
