import { QUANTIZABLE_FLOATS } from '../ir/data-type.ts';
import type { Graph, Node, Use, Value } from '../ir/graph.ts';
import { isWeighted, weightAxis } from '../placement/weight-axis.ts';
import type { PlacementEdit, ScaleSource } from '../placement/placement-edit.ts';
import {
  constantOf,
  isConstantThroughQuantizers,
  isDequantizeNode,
  isPerTensor,
  isQuantizeNode,
  isQuantizer,
  quantizeOf,
} from '../ir/quantizer-nodes.ts';
import { nearestQuantizer } from './nearest-quantizer.ts';

/** Operators that a Q or DQ may be moved over with the same result. Over a Relu the builder moves them by itself. */
const COMMUTES =
  /^(?:MaxPool|Reshape|Flatten|Transpose|Squeeze|Unsqueeze|Resize|Slice|Pad|Identity|Split|Concat|DepthToSpace|SpaceToDepth)$/;

/**
 * Single edits worth trying around `nodes` (nearest first): each answers a way in which a Q/DQ placement fails. No two are
 * alike. Q/DQ of weights are never taken away.
 */
export function changeCandidates(graph: Graph, nodes: readonly string[]): readonly PlacementEdit[] {
  const found = new Map<string, PlacementEdit>();
  for (const name of nodes) {
    const node = graph.node(name);
    if (!node || isQuantizer(node)) continue;
    for (const edit of [...onOutputs(node), ...onInputs(node), ...onWeights(node), ...moves(node)])
      found.set(JSON.stringify(edit), edit);
  }
  return [...found.values()];
}

const scaleOf = (quantizer: Node | null | undefined): ScaleSource =>
  quantizer ? { kind: 'same-as', quantizer: quantizer.name } : { kind: 'to-calibrate' };

/** A pair on a value, for one reader or for all. */
const pairOn = (value: Value, scale: ScaleSource, use?: Use): PlacementEdit => ({
  kind: 'add-pair',
  value: value.name,
  ...(use && { reader: { node: use.node.name, input: use.index } }),
  scale,
});

/** Readers that differ in how they take a value: some in float, some with other scales, or none quantizes it. */
function* onOutputs(node: Node): Generator<PlacementEdit> {
  for (const value of node.outputs) {
    if (!QUANTIZABLE_FLOATS.has(value.dataType)) continue;
    const uses = value.uses().filter(({ index }) => index >= 0);
    const quantizes = uses.map((use) => use.node).filter(isActivationQuantize);
    const others = uses.filter((use) => !isQuantizer(use.node));
    const [first, ...rest] = quantizes;
    if (first && rest.length > 0) yield shareScale(first, rest);
    if (others.length === 0) continue;
    const scale = scaleOf(first ?? nearestQuantizer(node));
    if (!first || others.length > 1) yield pairOn(value, scale);
    if (first || others.length > 1) for (const use of others) yield pairOn(value, scale, use);
  }
}

/** Operands: those without Q/DQ, those with a pair that stands in the way, and those with unlike scales. */
function* onInputs(node: Node): Generator<PlacementEdit> {
  const quantizes: Node[] = [];
  for (const [index, value] of node.inputs.entries()) {
    if (!value || !QUANTIZABLE_FLOATS.has(value.dataType) || isConstantThroughQuantizers(value))
      continue;
    const maker = value.producer();
    const quantize = maker && isDequantizeNode(maker) ? quantizeOf(maker) : null;
    if (quantize) {
      quantizes.push(quantize);
      yield { kind: 'remove-pair', quantize: quantize.name };
    } else if (!isDequantizeNode(maker)) {
      const beside = value.consumers().find(isActivationQuantize) ?? nearestQuantizer(node);
      yield pairOn(value, scaleOf(beside), { node, index });
    }
  }
  const behind = node.outputs.flatMap((value) => value.consumers()).filter(isActivationQuantize);
  const [first, ...rest] = [...new Set([...behind, ...quantizes])];
  if (first && rest.length > 0) yield shareScale(first, rest);
}

const shareScale = (from: Node, others: readonly Node[]): PlacementEdit => ({
  kind: 'share-scale',
  from: from.name,
  quantizers: others.map((node) => node.name),
});

function isActivationQuantize(node: Node): boolean {
  return isQuantizeNode(node) && isPerTensor(node) && constantOf(node.inputs[0]) === undefined;
}

/** Q/DQ on float weights of a layer that has them nowhere. */
function* onWeights(node: Node): Generator<PlacementEdit> {
  const axis = weightAxis(node);
  const weights = node.inputs[1];
  const tensor = constantOf(weights);
  if (!isWeighted(node) || !weights || !tensor || !QUANTIZABLE_FLOATS.has(weights.dataType)) return;
  // weights of large files are still on disk: which layers there are does not depend on their scales
  const isHere = tensor.bytes.resident() !== undefined;
  const scale: ScaleSource = isHere
    ? { kind: 'from-constant', ...(axis !== null && { axis }) }
    : { kind: 'to-calibrate' };
  yield pairOn(weights, scale, { node, index: 1 });
}

/** Pairs moved over the node, and a Relu that a deconvolution does not take. */
function* moves(node: Node): Generator<PlacementEdit> {
  const before = node.inputs[0]?.producer();
  if (node.opType === 'Relu' && before?.opType === 'ConvTranspose')
    yield { kind: 'remove-relu', node: node.name };
  if (!COMMUTES.test(node.opType)) return;
  for (const quantize of node.outputs.flatMap((value) => value.consumers()))
    if (isActivationQuantize(quantize))
      yield { kind: 'move-pair', quantize: quantize.name, over: node.name };
  const quantize = before && isDequantizeNode(before) ? quantizeOf(before) : null;
  if (quantize) yield { kind: 'move-pair', quantize: quantize.name, over: node.name };
}
