import type { Node, Value } from '../../ir/graph.ts';
import { isPairOnlyFor, pairBefore } from '../facts/activation-pairs.ts';
import type { ActivationPair } from '../facts/activation-pairs.ts';
import { dataInputs, pairAbove } from '../facts/copying-nodes.ts';
import { refusalToQuantize } from '../facts/int8-layers.ts';
import { sharingRefusal, widestOf } from '../facts/quantizer-facts.ts';
import { readsOf } from '../facts/value-reads.ts';
import { isExcluded } from '../is-excluded.ts';
import { passDocs } from '../pass-docs.ts';
import { propose, refuse } from '../rewrite-pass.ts';
import type { PassContext, Proposal, Refusal, RewritePass } from '../rewrite-pass.ts';

// A DQ does not move over a Concat; only a Q behind it makes it join integers. With pairs in front and none behind, each DQ
// becomes a layer, and Concat and the next convolution run in float even where its weights are quantized. So a pair comes
// behind if the readers have INT8 kernels, and where none has, the pairs in front go.
export const quantizeConcatOutput: RewritePass = {
  id: 'quantize-concat-output',
  title: 'Quantize what a Concat of quantized inputs gives',
  summary: 'Concat and the layer behind it run in INT8, and no DQ is a layer',
  group: 'place',
  docs: [
    passDocs.explicitQuantization(
      'DQ moves forward only over operators that commute with it: a Concat needs a Q behind',
    ),
  ],
  evidence: {
    kind: 'observed',
    engines: ['concat_unequal', 'concat_with_input', 'concat_unequal_after', 'spp_unequal'],
  },
  numerics: 'approximate',
  opTypes: ['Concat'],
  check(node, context) {
    const [output] = node.outputs;
    const pairs = dataInputs(node).flatMap(({ value }) => pairBefore(value) ?? []);
    if (node.domain !== '' || !output || pairs.length === 0) return null;
    if (readsOf(output, context).some(({ key }) => key !== null)) return null;
    const refusal = refusalFor(node, output, context);
    return refusal ? unquantizeInputs(node, pairs, refusal) : quantizeOutput(node, output, context);
  },
};

/** The first reader that gains nothing by a pair behind the Concat. */
function refusalFor(node: Node, output: Value, context: PassContext): Refusal | undefined {
  if (output.isGraphOutput) return refuse(`${output.name} is an output of the network`, node);
  if (isExcluded(node, context.settings)) return refuse(`${node.name} is excluded`, node);
  if (output.useCount === 0) return refuse('nobody reads it', node);
  for (const use of output.uses()) {
    const refusal = refusalToQuantize(use, context);
    if (refusal) return refuse(refusal.reason, node, refusal.node);
  }
  return undefined;
}

function quantizeOutput(node: Node, output: Value, context: PassContext): Proposal | Refusal {
  const inputs = dataInputs(node);
  const pairs = inputs.flatMap(({ value }) => pairAbove(value, context) ?? []);
  const quantizers = pairs.map(({ quantize }) => quantize);
  const unfit = quantizers.flatMap((quantize) => sharingRefusal(quantize, context) ?? []);
  const from = widestOf(quantizers, context) ?? quantizers[0];
  if (!from || unfit.length > 0) return refuse(unfit[0] ?? '', node, ...quantizers);
  // The widest range of its inputs holds all that a Concat gives, if each of them is quantized.
  const isContained = inputs.length === pairs.length;
  const kind = isContained ? 'same-as' : 'shared-with';
  return propose(
    `Quantize ${output.name} behind ${node.name} with the scale of ${from.name}`,
    [node, from],
    () => [{ kind: 'add-pair', value: output.name, scale: { kind, quantizer: from.name } }],
  );
}

function unquantizeInputs(
  node: Node,
  pairs: readonly ActivationPair[],
  refusal: Refusal,
): Proposal | Refusal {
  const own = [...new Set(pairs.map(({ quantize }) => quantize))].filter((quantize) =>
    isPairOnlyFor(quantize, node),
  );
  if (own.length === 0) return refusal;
  const names = own.map(({ name }) => name);
  return propose(
    `Take ${names.join(' and ')} away in front of ${node.name}: ${refusal.reason}`,
    [node, ...own],
    () => names.map((quantize) => ({ kind: 'remove-pair', quantize })),
  );
}
