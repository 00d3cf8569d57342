import type { PredictedLayer } from '../../sim/predicted-engine.ts';
import type { FindingRule } from '../finding.ts';
import type { LintContext } from '../lint-context.ts';
import { lintDocs } from '../lint-docs.ts';
import type { QuantizerFacts } from '../quantizer-facts.ts';
import { byteText } from '../wording.ts';

// A Q or DQ that no layer takes becomes a copy layer (Reformat with origin QDQ). At the network's own inputs and outputs
// that is how INT8 begins and ends; so are the first Q behind float layers and the last DQ before them.
export const survivingQuantizer: FindingRule = {
  id: 'surviving-quantizer',
  severity: 'warning',
  title: 'A Q or DQ stays a layer of its own',
  docs: [lintDocs.explicitQuantization('Q/DQ that fuse with no layer run as layers')],
  evidence: {
    kind: 'observed',
    engines: ['fanout_unequal', 'residual_id_none_relu_c64', 'residual_id_main_relu_c72'],
  },
  consequence: 'It reads and writes the whole tensor and computes nothing.',
  advice: 'Place Q/DQ so that the layers on both sides take them, or remove the pair.',
  find: (context) =>
    context.engine.layers.flatMap((layer) => {
      const facts = layer.role === 'qdq' ? quantizerOf(layer, context) : undefined;
      return facts && !standsAtTheEdge(layer, facts, context)
        ? [describe(layer, facts, context)]
        : [];
    }),
};

function quantizerOf(layer: PredictedLayer, context: LintContext): QuantizerFacts | undefined {
  for (const name of layer.nodes) {
    const facts = context.quantizer(context.graph.node(name));
    if (facts && !facts.onWeight) return facts;
  }
  return undefined;
}

function standsAtTheEdge(
  layer: PredictedLayer,
  { kind }: QuantizerFacts,
  context: LintContext,
): boolean {
  const tensor = kind === 'Q' ? layer.inputs[0] : layer.outputs[0];
  return tensor !== undefined && context.engine.bindings.includes(tensor.name);
}

function describe(layer: PredictedLayer, facts: QuantizerFacts, context: LintContext) {
  const { node, kind } = facts;
  const tensor = kind === 'Q' ? layer.inputs[0] : layer.outputs[0];
  const costBytes = context.tensorBytes(tensor);
  const begins = kind === 'Q' && !context.isQuantizedBefore(node);
  const ends = kind === 'DQ' && !context.isQuantizedLater(node);
  const reason = layer.notes
    .find(({ outcome }) => outcome === 'refused')
    ?.text.replace(`${node.name} stays a layer: `, '');
  const place = begins ? ', where INT8 begins' : ends ? ', where INT8 ends' : '';
  return {
    nodes: [node.name],
    message: `${node.name} runs as a layer over ${tensor?.name ?? 'its tensor'} (${byteText(costBytes)} in FP32)${place}${reason === undefined ? '' : `: ${reason}`}.`,
    costBytes,
    ...((begins || ends) && {
      severity: 'info' as const,
      advice: begins
        ? 'It must be somewhere; nearer to the input it would let more layers run in INT8.'
        : 'It must be somewhere; later in the network it would let more layers run in INT8.',
    }),
  };
}
