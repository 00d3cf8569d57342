import type { Node, Use, Value } from '../../ir/graph.ts';
import { isQuantizeNode } from '../../ir/quantizer-nodes.ts';
import { HIGHEST_CODE } from '../../placement/placement-edit.ts';
import type { NewQuantizedType } from '../../placement/placement-edit.ts';
import { dequantizeBefore, equalQuantizesOf } from '../facts/activation-pairs.ts';
import { closedUses } from '../facts/closed-uses.ts';
import { takesQuantizer } from '../facts/int8-layers.ts';
import { needsBothSides } from '../facts/layer-kinds.ts';
import { newTypeNear, typeRefusal } from '../facts/pair-scale.ts';
import { commonQuantizer } from '../facts/value-reads.ts';
import type { GraphEdit } from '../graph-edit.ts';
import { isExcluded } from '../is-excluded.ts';
import { passDocs } from '../pass-docs.ts';
import { propose, refuse } from '../rewrite-pass.ts';
import type { PassContext, RewritePass } from '../rewrite-pass.ts';

/** A product of a tensor with a factor per channel that a squashing function makes. */
interface Gate {
  readonly features: Value;
  readonly factor: Value;
  /** The index at which the Mul reads the factor. */
  readonly input: number;
}

// Squeeze and excitation: the tensor is averaged, two small convolutions make a factor between 0 and 1 for each channel,
// and a Mul applies it. With Q/DQ on the convolutions only, the tensor is written in float for the average and the Mul.
// With one pair on the tensor for both, and one on the factor, whose range is known, everything runs in INT8.
export const quantizeGate: RewritePass = {
  id: 'quantize-gate',
  title: 'Quantize both sides of a gate',
  summary: 'Squeeze-and-excitation runs in INT8: its pooling, its factors and the product',
  group: 'place',
  docs: [
    passDocs.explicitQuantization(
      'element-wise layers run in INT8 with DQ on every input and Q behind',
    ),
  ],
  evidence: { kind: 'observed', engines: ['se_full', 'se_convs'] },
  numerics: 'approximate',
  opTypes: ['Mul'],
  check(node, context) {
    const gate = gateOf(node);
    const behind = commonQuantizer(node.outputs[0], context);
    if (!gate || !behind) return null;
    if (isExcluded(node, context.settings)) return null;
    const needsPair = [gate.features, gate.factor].map((value) => !dequantizeBefore(value));
    if (!needsPair.includes(true)) return null;
    const type = newTypeNear(behind, context);
    if (!type) return refuse(typeRefusal(behind), node, behind);
    const uses = closedUses(gate.features);
    if (!uses) return refuse('what it gates is an output of the network', node);
    if (needsPair[0] && !takesQuantizer(gate.features, context))
      return refuse('no layer before it computes the Q', node, gate.features.producer());
    const other = needsPair[0] ? uses.find((use) => !isServed(use, node, context)) : undefined;
    if (other) return refuse('another reader takes what it gates in float', node, other.node);
    const edits = [
      ...(needsPair[0] ? pairsOn(gate.features, uses, type, context) : []),
      ...(needsPair[1] ? [onFactor(gate, node, type)] : []),
    ];
    return propose(`Quantize both sides of the gate ${node.name}`, [node], () => edits);
  },
};

/** Functions whose results lie between 0 and 1. */
const SQUASHES: ReadonlySet<string> = new Set(['Sigmoid', 'HardSigmoid']);

function gateOf(node: Node): Gate | null {
  for (const input of [0, 1]) {
    const [factor, features] = [node.inputs[input], node.inputs[1 - input]];
    if (!factor || !features || factor === features) continue;
    const squash = (
      dequantizeBefore(factor)?.inputs[0]?.producer()?.inputs[0] ?? factor
    ).producer();
    // SiLU multiplies a tensor by its own sigmoid: that is for other passes
    const isOwn = squash?.inputs[0] === features;
    if (squash && SQUASHES.has(squash.opType) && !isOwn && isPerChannel(factor, features))
      return { features, factor, input };
  }
  return null;
}

const isPerChannel = ({ shape: factor = [] }: Value, { shape: features = [] }: Value): boolean =>
  factor.length === features.length &&
  factor.length > 2 &&
  factor.slice(2).every((dim) => dim === 1) &&
  features.slice(2).some((dim) => dim !== 1);

/** Readers that take a DQ: the Mul, averages that lead to INT8, and quantizers, which share their scale. */
function isServed({ node }: Use, mul: Node, context: PassContext): boolean {
  if (node === mul) return true;
  if (!needsBothSides(node, context))
    return equalQuantizesOf(node.inputs[0], context).includes(node);
  return commonQuantizer(node.outputs[0], context) !== null;
}

/** With the scale of a quantizer that the value has already, or one that calibration gives. */
function pairsOn(
  value: Value,
  uses: readonly Use[],
  type: NewQuantizedType,
  context: PassContext,
): readonly GraphEdit[] {
  const [quantize] = equalQuantizesOf(value, context);
  if (!quantize)
    return [{ kind: 'add-pair', value: value.name, scale: { kind: 'to-calibrate', type } }];
  return uses
    .filter(({ node }) => !isQuantizeNode(node))
    .map(({ node, index }) => ({
      kind: 'add-pair',
      value: value.name,
      reader: { node: node.name, input: index },
      scale: { kind: 'same-as', quantizer: quantize.name },
    }));
}

/** The range of the factor is known: the greatest is 1. */
const onFactor = ({ factor, input }: Gate, node: Node, type: NewQuantizedType): GraphEdit => ({
  kind: 'add-pair',
  value: factor.name,
  reader: { node: node.name, input },
  scale: { kind: 'given', scales: [1 / HIGHEST_CODE[type]], type },
});
