import type { PredictedLayer } from '../../sim/predicted-engine.ts';
import type { FindingRule } from '../finding.ts';
import { isInt8 } from '../graph-questions.ts';
import { lintDocs } from '../lint-docs.ts';
import { byteText } from '../wording.ts';

// A layer without weights gains little from INT8; between a Q and a DQ that are layers themselves it only loses.
export const integerIsland: FindingRule = {
  id: 'integer-island',
  severity: 'warning',
  title: 'A small INT8 part costs more conversions than it saves',
  docs: [lintDocs.explicitQuantization('be sparing: superfluous Q/DQ cost time and accuracy')],
  evidence: { kind: 'inferred', from: 'two copies of the tensor in float against one saved' },
  consequence: 'The Q before it and the DQ behind it move more bytes than the layer saves.',
  advice: 'Remove the Q/DQ around the layer, or extend INT8 to its neighbours.',
  find(context) {
    const makers = new Map<string, PredictedLayer>();
    const readers = new Map<string, PredictedLayer[]>();
    for (const layer of context.engine.layers) {
      for (const { name } of layer.outputs) makers.set(name, layer);
      for (const { name } of layer.inputs) readers.set(name, [...(readers.get(name) ?? []), layer]);
    }
    return context.engine.layers.flatMap((layer) => {
      const nodes = layer.nodes.flatMap((name) => context.graph.node(name) ?? []);
      if (!isInt8(layer) || nodes.some((node) => context.isWeighted(node))) return [];
      const [input] = layer.inputs;
      const [output] = layer.outputs;
      if (
        !input ||
        !output ||
        layer.inputs.length > 1 ||
        context.engine.bindings.includes(output.name)
      )
        return [];
      const after = readers.get(output.name) ?? [];
      const q = makers.get(input.name);
      if (q?.role !== 'qdq' || (readers.get(input.name)?.length ?? 0) > 1) return [];
      if (after.length === 0 || !after.every(({ role }) => role === 'qdq')) return [];
      const costBytes = context.tensorBytes(input) + context.tensorBytes(output);
      const main = nodes.find((node) => !context.quantizer(node))?.name ?? layer.name;
      return [
        {
          nodes: [main, ...q.nodes.slice(0, 1), ...after.flatMap((dq) => dq.nodes.slice(0, 1))],
          message: `${main} alone runs in INT8 between ${q.nodes[0] ?? q.name} and ${after[0]?.nodes[0] ?? 'a DQ'}, which move ${byteText(costBytes)} in FP32.`,
          costBytes,
          fix: { kind: 'remove-qdq' as const, description: `Remove the Q/DQ around ${main}.` },
        },
      ];
    });
  },
};
