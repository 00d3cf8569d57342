import type { Node, Value } from '../../ir/graph.ts';
import { isCopying, pairAbove } from '../facts/copying-nodes.ts';
import { refusalToQuantize } from '../facts/int8-layers.ts';
import { quantizeRead } from '../facts/pair-scale.ts';
import { sharingRefusal } from '../facts/quantizer-facts.ts';
import { residualSum } from '../facts/residual-sum.ts';
import { readsOf } from '../facts/value-reads.ts';
import type { Read } from '../facts/value-reads.ts';
import { isExcluded } from '../is-excluded.ts';
import { passDocs } from '../pass-docs.ts';
import { propose, refuse } from '../rewrite-pass.ts';
import type { PassContext, Proposal, Refusal, RewritePass } from '../rewrite-pass.ts';

/** Copies and joins above a Q that are looked at. */
const MAX_ABOVE = 24;

// A Q moves up into the layer that makes a tensor only if all readers of the tensor quantize with the same scale: one that
// reads in float leaves that layer in float and the Q a layer of its own. The same pair in front of the float readers frees
// it, if each of them has an INT8 kernel: with a Q behind it, or with quantized weights.
export const quantizeFloatReader: RewritePass = {
  id: 'quantize-float-reader',
  title: 'Quantize float readers that hold a Q back',
  summary: 'All readers of a tensor quantize alike, so that its Q becomes part of the layer above',
  group: 'place',
  docs: [
    passDocs.explicitQuantization(
      'Q moves backward over a fan-out only where all branches quantize with the same scale',
    ),
  ],
  evidence: {
    kind: 'observed',
    engines: ['fanout_one_q', 'fanout_unequal', 'se_full'],
  },
  numerics: 'approximate',
  opTypes: ['QuantizeLinear', 'TRT_FP8QuantizeLinear'],
  check(node, context) {
    if (sharingRefusal(node, context) !== undefined) return null;
    for (const value of valuesAbove(node, context)) {
      const found = checkValue(value, node, context);
      if (found) return found;
    }
    return null;
  },
};

function checkValue(value: Value, quantize: Node, context: PassContext): Proposal | Refusal | null {
  const reads = readsOf(value, context);
  const [first, ...others] = reads.filter(({ key }) => key !== null);
  if (first?.quantize !== quantize || value.tensor !== undefined) return null;
  // Summands beside a convolution are a matter of quantize-residual-shortcut, which looks at more.
  const float = reads.filter(
    ({ key, use }) => key === null && residualSum(use.node)?.shortcut.value !== value,
  );
  if (float.length === 0) return null;
  if (value.isGraphOutput)
    return refuse(`${value.name} is an output of the network, in float`, quantize);
  const different = others.find(({ key }) => key !== first.key);
  if (different)
    return refuse(
      `${different.quantize?.name ?? ''} quantizes ${value.name} with another scale`,
      quantize,
      different.quantize,
    );
  return quantizeReads(value, float, quantize, context);
}

function quantizeReads(
  value: Value,
  float: readonly Read[],
  quantize: Node,
  context: PassContext,
): Proposal | Refusal {
  for (const { use } of float) {
    const refusal = refusalToQuantize(use, context);
    if (refusal) return refuse(refusal.reason, quantize, refusal.node);
    if (isExcluded(use.node, context.settings))
      return refuse(`${use.node.name} reads it, which is excluded`, quantize, use.node);
  }
  const readers = float.map(({ use }) => use.node);
  const names = readers.map(({ name }) => name).join(' and ');
  const scale = { kind: 'same-as', quantizer: quantize.name } as const;
  const text = `Quantize ${value.name} for ${names} as ${quantize.name} does`;
  return propose(text, [quantize, ...readers], () =>
    float.flatMap(({ use: { node, index } }) =>
      quantizeRead(value, { node: node.name, input: index }, scale, context),
    ),
  );
}

/** What a Q quantizes, and what goes into the copies and joins in front of it: it would move there. No integers. */
function valuesAbove(quantize: Node, context: PassContext): readonly Value[] {
  const [source] = quantize.inputs;
  const values = new Set<Value>(source && !pairAbove(source, context) ? [source] : []);
  for (const value of values) {
    const maker = value.producer();
    if (!maker || values.size > MAX_ABOVE) continue;
    const inputs =
      maker.opType === 'Concat' ? maker.inputs : isCopying(maker, context) ? [maker.inputs[0]] : [];
    for (const input of inputs) if (input && !pairAbove(input, context)) values.add(input);
  }
  return [...values];
}
