import type { FindingRule } from '../finding.ts';
import { floatText, isFloat } from '../graph-questions.ts';
import { lintDocs } from '../lint-docs.ts';

// With Q/DQ anywhere in the network TensorRT lowers nothing by itself: what has none stays float.
export const floatWeightedLayer: FindingRule = {
  id: 'float-weighted-layer',
  severity: 'info',
  title: 'A convolution or matrix product has no Q/DQ in a quantized network',
  docs: [lintDocs.explicitQuantization('only what the graph quantizes runs in INT8')],
  evidence: { kind: 'observed', engines: ['attention_linears', 'residual_id_short_relu_c64'] },
  consequence: 'It runs in float beside INT8 neighbours.',
  advice: 'Quantize it too, unless accuracy forbids it.',
  find: (context) =>
    context.quantizers.length === 0
      ? []
      : context.nodes.flatMap((node) => {
          const layer = context.isWeighted(node) ? context.layer(node) : undefined;
          const quantized = node.inputs.some((value) => context.dequantizeOf(value));
          if (!isFloat(layer) || quantized) return [];
          const [x, w] = node.inputs;
          const lacks =
            w && context.isConstant(w)
              ? `neither its input ${x?.name ?? ''} nor its weight has`
              : 'none of its operands has';
          return [
            {
              nodes: [node.name],
              message: `${node.name} runs in ${floatText(layer)}: ${lacks} Q/DQ.`,
              costBytes: context.bytes(x ?? undefined) + context.bytes(node.outputs[0]),
              fix: {
                kind: 'add-qdq' as const,
                description: `Add Q/DQ on both operands of ${node.name}.`,
              },
            },
          ];
        }),
};
