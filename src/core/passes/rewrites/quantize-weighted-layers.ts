import { isFloatType } from '../../ir/data-type.ts';
import type { Node, Use, Value } from '../../ir/graph.ts';
import {
  constantOf,
  dequantizersOf,
  isConstantThroughQuantizers,
  isDequantizeNode,
  isPerTensor,
  isQuantizeNode,
} from '../../ir/quantizer-nodes.ts';
import { WEIGHTED, weightAxis } from '../../placement/weight-axis.ts';
import { hasFp8 } from '../facts/pair-scale.ts';
import { isExcluded } from '../is-excluded.ts';
import type { GraphEdit } from '../graph-edit.ts';
import { passDocs } from '../pass-docs.ts';
import { propose, refuse } from '../rewrite-pass.ts';
import type { PassContext, RewritePass } from '../rewrite-pass.ts';

// Where quantizing a float network starts: INT8 kernels want both operands of a layer with weights quantized. Readers of
// one tensor share one pair, so that its Q can move into the producer. Weights get a scale for each output channel in INT8,
// one scale in FP8; activations get theirs from calibration. Products of two activations are left to the search: whether
// they pay depends on what surrounds them.
export const quantizeWeightedLayers: RewritePass = {
  id: 'quantize-weighted-layers',
  title: 'Quantize the inputs and weights of all layers with weights',
  summary: 'Convolutions and matrix products with constant weights get Q/DQ on both operands',
  group: 'place',
  docs: [
    passDocs.explicitQuantization('quantize all inputs of weighted operations'),
    passDocs.quantizationSchemes('per-tensor activations, per-channel weights, symmetric'),
  ],
  evidence: { kind: 'documented' },
  numerics: 'approximate',
  onRequest: 'it quantizes a float network, and calibration has to follow',
  opTypes: WEIGHTED,
  check(node, context) {
    const [data, weights] = node.inputs;
    if (
      !data ||
      !weights ||
      !data.dataType ||
      !isFloatType(data.dataType) ||
      isConstantThroughQuantizers(data)
    )
      return null;
    if (!isConstantThroughQuantizers(weights)) return null;
    const wantsData = !isDequantizeNode(data.producer());
    const wantsWeights = !isDequantizeNode(weights.producer());
    if (!wantsData && !wantsWeights) return null;
    if (isExcluded(node, context.settings)) return refuse('it is left in float on request', node);
    if (context.settings.type === 'float8e4m3fn' && !hasFp8(context.model))
      return refuse('its operator set has no FP8: raise it to 19', node);
    if (wantsWeights && context.numbers(weights) === undefined)
      return refuse('the numbers of its weights are not at hand', node);
    return propose(`Quantize ${node.name}`, [node], () => [
      ...(wantsData ? onData(data, node, context) : []),
      ...(wantsWeights ? onWeights(weights, node, context) : []),
    ]);
  },
};

/** The pair that another reader has already, or a new one. */
function onData(data: Value, node: Node, { settings }: PassContext): GraphEdit[] {
  const quantize = data
    .consumers()
    .find((reader) => isQuantizeNode(reader) && isPerTensor(reader) && !constantOf(data));
  const [dequantized] = quantize ? dequantizersOf(quantize).flatMap(({ outputs }) => outputs) : [];
  const inputs = readsOf(data, node);
  if (dequantized)
    return inputs.map((input) => ({
      kind: 'set-input',
      node: node.name,
      input,
      value: dequantized.name,
    }));
  return inputs.map((input) => ({
    kind: 'add-pair',
    value: data.name,
    reader: { node: node.name, input },
    scale: { kind: 'to-calibrate', type: settings.type ?? 'int8' },
  }));
}

function onWeights(weights: Value, node: Node, { settings }: PassContext): GraphEdit[] {
  const { type = 'int8' } = settings;
  const axis = type === 'int8' ? weightAxis(node) : null;
  return readsOf(weights, node).map((input) => ({
    kind: 'add-pair',
    value: weights.name,
    reader: { node: node.name, input },
    scale: { kind: 'from-constant', type, ...(axis !== null && { axis }) },
  }));
}

const readsOf = (value: Value, node: Node): number[] =>
  value
    .uses()
    .filter((use: Use) => use.node === node && (use.index === 0 || use.index === 1))
    .map(({ index }) => index);
