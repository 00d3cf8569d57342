import type { SimGraph, SimLayer } from '../graph/sim-graph.ts';
import { SimTensor } from '../graph/sim-graph.ts';

/** Puts a layer that computes mean and variance in front of a normalization, which then only applies them. */
export function splitNormalization(graph: SimGraph, layer: SimLayer): void {
  const outer = layer.input.dims.slice(0, -1);
  const statistics = new SimTensor(`${layer.name}_statistics`, outer, layer.input.dataType);
  const rows = outer.reduce<number>((n, dim) => n * (typeof dim === 'number' ? dim : 1), 1);
  graph.add(
    {
      kind: 'NORMALIZATION',
      op: 'NormalizationStatistics',
      name: layer.name,
      nodes: layer.nodes,
      inputs: [layer.input],
      outputs: [statistics],
      parameters: { rows },
    },
    layer,
  );
  graph.addInput(layer, statistics);
}
