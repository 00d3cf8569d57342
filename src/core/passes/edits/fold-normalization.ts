import { isFloatType } from '../../ir/data-type.ts';
import type { Node, Value } from '../../ir/graph.ts';
import { attrFloat, attrInt } from '../../ir/node-attributes.ts';
import { constantOf, isDequantizeNode, isQuantizeNode } from '../../ir/quantizer-nodes.ts';
import { elementCount } from '../../ir/tensor.ts';
import { weightAxis } from '../../placement/weight-axis.ts';
import { soleUse } from '../facts/closed-uses.ts';
import { isSymmetric, quantizerParts } from '../facts/quantizer-parts.ts';
import type { QuantizerParts } from '../facts/quantizer-parts.ts';
import type { GraphEdit } from '../graph-edit.ts';
import { NewConstants } from './new-constants.ts';
import { propose, refuse } from '../rewrite-pass.ts';
import type { PassContext, Proposal, Refusal } from '../rewrite-pass.ts';

const FOLDS_INTO: ReadonlySet<string> = new Set(['Conv', 'ConvTranspose', 'Gemm']);

/** What a layer with weights and a BatchNormalization behind it compute: weights times `factors`, and `bias`. */
interface Fold {
  readonly layer: Node;
  readonly normalization: Node;
  /** One for each output channel, as for `bias`. */
  readonly factors: Float64Array;
  readonly bias: Float64Array;
}

/** The float weights or integers of a layer, and the quantizers between them and the layer. */
interface Weights {
  readonly constant: Value;
  readonly numbers: Float64Array;
  readonly dims: readonly number[];
  readonly quantizers: readonly QuantizerParts[];
}

/**
 * Folds a BatchNormalization into weights and bias of the layer before it. Q/DQ on the weights stay: their scales grow by
 * the magnitude of the factor of their channel, so that the integers remain, with the other sign where a factor is
 * negative. Null for other nodes; refuses where the layer has other readers or its constants are computed.
 */
export function foldNormalization(node: Node, context: PassContext): Proposal | Refusal | null {
  const [source] = node.inputs;
  const layer = source?.producer();
  if (!layer || !FOLDS_INTO.has(layer.opType) || layer.domain !== '') return null;
  if (attrInt(node, 'training_mode', 0) !== 0)
    return refuse('it computes its statistics while the network runs', node);
  if (soleUse(source) === null) return refuse('others read the layer before it', layer, node);
  const axis = weightAxis(layer);
  if (axis === null || attrFloat(layer, 'beta', 1) !== 1)
    return refuse('its channels are not those of one axis of the weights', layer);
  const fold = foldOf(layer, node, context);
  if (!fold)
    return refuse('its numbers, or the bias before it, are no plain constants', node, layer);
  const weights = weightsOf(layer, context);
  if (!weights) return refuse('the weights are no constants of this layer alone', layer);
  if (!fits(weights, axis, fold)) return refuse('the weights have other scales or channels', layer);
  return propose(`Fold ${node.name} into ${layer.name}`, [node, layer], () =>
    foldEdits(fold, weights, axis, context),
  );
}

function foldOf(layer: Node, normalization: Node, context: PassContext): Fold | null {
  const [gamma, beta, mean, variance] = normalization.inputs
    .slice(1, 5)
    .map((value) => context.numbers(value));
  const before = layer.inputs[2];
  const old = before ? context.numbers(before) : undefined;
  if (!gamma || !beta || !mean || !variance || (before && old?.length !== gamma.length))
    return null;
  const epsilon = attrFloat(normalization, 'epsilon', 1e-5);
  const factors = gamma.map((number, i) => number / Math.sqrt(variance[i]! + epsilon));
  const bias = factors.map((factor, i) => ((old?.[i] ?? 0) - mean[i]!) * factor + beta[i]!);
  const isFinite = factors.every(Number.isFinite) && bias.every(Number.isFinite);
  return isFinite ? { layer, normalization, factors, bias } : null;
}

/** Weights that nobody else reads, so that they may change: plain, behind Q and DQ, or integers behind a DQ. */
function weightsOf(layer: Node, context: PassContext): Weights | null {
  const quantizers: QuantizerParts[] = [];
  let value = layer.inputs[1];
  while (value && !constantOf(value)) {
    const maker = value.producer();
    const parts = quantizerParts(maker, context);
    if (!maker || !parts || !isSymmetric(parts) || soleUse(value) === null) return null;
    quantizers.unshift(parts);
    value = maker.inputs[0];
  }
  const numbers = context.numbers(value);
  const tensor = constantOf(value);
  if (!value || !numbers || !tensor) return null;
  return { constant: value, numbers, dims: tensor.dims, quantizers };
}

function fits({ numbers, dims, quantizers }: Weights, axis: number, { factors }: Fold): boolean {
  const [first, second] = quantizers;
  const rank = dims.length;
  const isPair =
    !first ||
    (!second && isDequantizeNode(first.node)) ||
    (second !== undefined && isQuantizeNode(first.node) && quantizers.length === 2);
  return (
    isPair &&
    dims[axis] === factors.length &&
    numbers.length === elementCount(dims) &&
    quantizers.every(
      ({ scales, axis: stated, type }) =>
        type === 'int8' && (scales.length === 1 || (stated < 0 ? stated + rank : stated) === axis),
    )
  );
}

function foldEdits(
  fold: Fold,
  weights: Weights,
  axis: number,
  context: PassContext,
): readonly GraphEdit[] {
  const { layer, normalization, factors, bias } = fold;
  const constants = new NewConstants(context);
  const { constant, dims, quantizers } = weights;
  const reader = quantizers[0]?.node ?? layer;
  const dataType = constantOf(constant)?.dataType ?? 'float32';
  const name = constants.add(`${constant.name}_folded`, {
    dataType,
    dims,
    numbers: scaled(weights, axis, isFloatType(dataType) ? factors : factors.map(signOf)),
  });
  const floats = layer.outputs[0]?.dataType ?? 'float32';
  const added = constants.add(`${layer.name}_folded_bias`, {
    dataType: floats,
    dims: [bias.length],
    numbers: bias,
  });
  const rescaled = quantizers.flatMap((parts) => rescale(parts, fold, axis, constants));
  return [
    ...constants.edits,
    { kind: 'set-input', node: reader.name, input: reader === layer ? 1 : 0, value: name },
    ...rescaled,
    { kind: 'set-input', node: layer.name, input: 2, value: added },
    { kind: 'bypass-node', node: normalization.name },
  ];
}

const signOf = (factor: number): number => (factor < 0 ? -1 : 1);

/** Each element times the factor of its channel; integers stay within INT8. */
function scaled({ numbers, dims }: Weights, axis: number, factors: Float64Array): Float64Array {
  const inner = elementCount(dims.slice(axis + 1));
  const isSigns = factors.every((factor) => Math.abs(factor) === 1);
  return numbers.map((number, i) => {
    const product = number * factors[Math.floor(i / inner) % factors.length]!;
    return isSigns && product === 128 ? 127 : product;
  });
}

/** A scale for each channel. A channel of zeros keeps its old one, for no scale is 0. */
function rescale(
  { node, scale, scales, scaleTensor }: QuantizerParts,
  { factors }: Fold,
  axis: number,
  constants: NewConstants,
): readonly GraphEdit[] {
  const dims = [factors.length];
  const numbers = factors.map(
    (factor, i) => (scales[i % scales.length] ?? 1) * (factor === 0 ? 1 : Math.abs(factor)),
  );
  const { dataType } = scaleTensor;
  const name = constants.add(`${scale.name}_folded`, { dataType, dims, numbers });
  const zeros = new Float64Array(factors.length);
  const zero = constants.add(`${scale.name}_folded_zero_point`, {
    dataType: 'int8',
    dims,
    numbers: zeros,
  });
  const attribute = { name: 'axis', type: 'int', value: BigInt(axis) } as const;
  return [
    { kind: 'set-input', node: node.name, input: 1, value: name },
    { kind: 'set-input', node: node.name, input: 2, value: zero },
    { kind: 'set-attributes', node: node.name, attributes: { axis: attribute } },
  ];
}
