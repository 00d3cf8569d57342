import type { PredictedLayer } from '../../sim/predicted-engine.ts';
import type { FindingRule } from '../finding.ts';
import { isInt8 } from '../graph-questions.ts';
import { isQuantizer } from '../lint-context.ts';
import type { LintContext } from '../lint-context.ts';
import { lintDocs } from '../lint-docs.ts';
import { byteText, typeText } from '../wording.ts';

// A convolution takes the Q behind it only when that is its one reader. Otherwise it writes float, and the Q reads that.
export const floatOutputBeforeQuantizer: FindingRule = {
  id: 'float-output-before-quantizer',
  severity: 'warning',
  title: 'An INT8 layer gives float out in front of a Q',
  docs: [lintDocs.explicitQuantization('a Q right behind a weighted layer joins it')],
  evidence: { kind: 'observed', engines: ['fanout_unequal', 'residual_shared_own_q_other_scale'] },
  consequence: 'The result is written in float, read again and quantized by a layer of its own.',
  advice:
    'Let the Q be the only reader of the layer, or quantize the other readers with the same scale.',
  find(context) {
    const quantizers = new Map(
      context.engine.layers
        .filter(({ role, outputs }) => role === 'qdq' && outputs[0]?.dataType === 'Int8')
        .map((layer) => [layer.inputs[0]?.name, layer] as const),
    );
    return context.engine.layers.flatMap((layer) => {
      const [output] = layer.outputs;
      const q = output && quantizers.get(output.name);
      const conv = layer.nodes
        .flatMap((name) => context.graph.node(name) ?? [])
        .find((node) => context.isWeighted(node));
      if (!isInt8(layer) || !q || !conv || isToldElsewhere(layer, context)) return [];
      const costBytes = context.tensorBytes(output);
      return [
        {
          nodes: [conv.name, ...q.nodes.slice(0, 1)],
          message: `${conv.name} runs in INT8 but gives ${typeText(output)} out (${byteText(costBytes)} in FP32), which ${q.nodes[0] ?? q.name} then quantizes.`,
          costBytes,
        },
      ];
    });
  },
};

/** A float shortcut, and readers in float, are findings of their own with a better cure. */
function isToldElsewhere(layer: PredictedLayer, context: LintContext): boolean {
  const [output] = layer.outputs;
  const dims = output?.dims.join();
  if (
    layer.inputs.slice(1).some((input) => input.dataType !== 'Int8' && input.dims.join() === dims)
  )
    return true;
  const value = output && context.valueOf(output);
  return value !== undefined && context.readers(value).some((node) => !isQuantizer(node));
}
