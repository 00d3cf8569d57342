import { modelNotOfEngine } from '../../base/diagnostics/engine-arithmetic.ts';
import { fail, ok } from '../../base/result.ts';
import type { Result } from '../../base/result.ts';
import type { Graph, Node, Value } from '../../ir/graph.ts';
import type { Model } from '../../ir/model.ts';
import {
  isConstantThroughQuantizers,
  isDequantizeNode,
  isQuantizeNode,
} from '../../ir/quantizer-nodes.ts';
import type { EngineDataType, PredictedEngine } from '../../sim/predicted-engine.ts';
import type { EngineRemark } from './engine-arithmetic-report.ts';
import { productRemarks, remarksOn } from './engine-remarks.ts';
import { HalfRounding } from './half-rounding.ts';
import { computeOnIntegers } from './integer-layer.ts';
import { hasQuantizedOperands } from './quantized-operand.ts';
import { isProduct } from './integer-product.ts';
import { LayerMap } from './layer-map.ts';
import { quantizeByFactor } from './lone-quantizer.ts';

/** A tensor that the engine stores between two layers. */
export interface HeldTensor {
  /** The value of the engine's model that has its numbers, in float. */
  readonly value: string;
  /** The type in which the engine stores it. */
  readonly dataType: EngineDataType;
  /** The layer that makes it, and the nodes that this layer runs. */
  readonly layer: string;
  readonly nodes: readonly string[];
}

/** A model that computes what an engine computes. */
export interface EngineModel {
  readonly model: Model;
  /**
   * What the engine stores, by the float value of the original model that means the same: the value itself, or for INT8 what the DQ
   * behind its Q gives. In the order of the model.
   */
  readonly tensors: ReadonlyMap<string, HeldTensor>;
  /** What of the engine's arithmetic this model does not follow, or what is not proved. */
  readonly remarks: readonly EngineRemark[];
}

/**
 * Rewrites a copy of `model` into one that rounds where `engine` rounds, to be run as it is written. INT8 layers sum up integers;
 * what the engine surely stores in FP16 is rounded to it between the layers, and only there; Q and DQ stay, for the builder drops only
 * those that change nothing. Outputs keep their names and types. Fails when no layer of the engine runs a node of the model.
 */
export function engineModel(model: Model, engine: PredictedEngine): Result<EngineModel> {
  const graph = model.graph.clone();
  const layers = new LayerMap(engine);
  const nodes = graph.sortedNodes();
  if (!nodes.some((node) => layers.layersOf(node).length > 0)) return fail(modelNotOfEngine());
  const rounding = new HalfRounding(graph);
  const tensors = new Map<string, HeldTensor>();
  for (const node of nodes)
    for (const value of node.outputs) hold(value, { layers, rounding, tensors });
  for (const node of nodes) roundOperands(node, layers, rounding);
  const lone = nodes.filter((node) => isLoneQuantizer(graph, node, layers));
  for (const node of lone) quantizeByFactor(graph, node);
  // Before the products are rewritten: what is remarked on is the model.
  const general = remarksOn(model, engine);
  const remarks = [...productRemarks(productsOnIntegers(graph, nodes, layers)), ...general];
  return ok({ model: { ...model, graph }, tensors, remarks });
}

interface HoldWork {
  readonly layers: LayerMap;
  readonly rounding: HalfRounding;
  readonly tensors: Map<string, HeldTensor>;
}

/** Rounds a value where the engine stores it in FP16, and notes what is stored. */
function hold(value: Value, { layers, rounding, tensors }: HoldWork): void {
  const maker = value.producer();
  const by = maker === null ? undefined : layers.layersOf(maker)[0];
  if (maker === null || by === undefined || isConstantThroughQuantizers(maker.inputs[0])) return;
  const { name: layer, nodes } = by;
  if (isQuantizeNode(maker)) {
    // The numbers of the integers, for all who compare: the first DQ has them.
    const [dequantized] = value.consumers().find(isDequantizeNode)?.outputs ?? [];
    const dataType = layers.storedType(value, false);
    if (dequantized && dataType)
      tensors.set(dequantized.name, { value: dequantized.name, dataType, layer, nodes });
    return;
  }
  const type = layers.storedType(value, isDequantizeNode(maker));
  const uses = layers.outsideUses(value);
  if (type === undefined || (uses.length === 0 && !value.isGraphOutput)) return;
  if (type === 'Half' && isFloat(value)) {
    rounding.redirect(value, uses);
    tensors.set(value.name, { value: rounding.of(value).name, dataType: type, layer, nodes });
  } else if (type === 'Float')
    tensors.set(value.name, { value: value.name, dataType: type, layer, nodes });
}

/** Rounds what a layer converts before it reads it, and the constants of a product that is computed in FP16. */
function roundOperands(node: Node, layers: LayerMap, rounding: HalfRounding): void {
  const isHalf = layers.computesInHalf(node);
  for (const [index, value] of node.inputs.entries()) {
    if (!value || !isFloat(value)) continue;
    const isConverted = layers.convertedType(value, node) === 'Half';
    const isWeight = isHalf && isProduct(node) && isConstantThroughQuantizers(value);
    if (isConverted || isWeight) rounding.redirect(value, [{ node, index }]);
  }
}

const isFloat = ({ dataType }: Value): boolean =>
  dataType === undefined || dataType === 'float32' || dataType === 'float16';

/** A Q of activations that no layer with other nodes has taken in. */
function isLoneQuantizer(graph: Graph, node: Node, layers: LayerMap): boolean {
  if (!isQuantizeNode(node) || isConstantThroughQuantizers(node.inputs[0])) return false;
  const [layer] = layers.layersOf(node);
  return layer?.nodes.every((name) => isQuantizeNode(graph.node(name))) ?? false;
}

/** Gives, by the reason, the products of INT8 layers that stay in float. */
function productsOnIntegers(
  graph: Graph,
  nodes: readonly Node[],
  layers: LayerMap,
): ReadonlyMap<string, readonly string[]> {
  const left = new Map<string, string[]>();
  for (const node of nodes) {
    const layer = layers.layersOf(node).find(({ precision }) => precision === 'int8');
    const own = new Set(layer?.nodes);
    // Regions of the second compiler run products in float beside those on integers.
    if (!isProduct(node) || !hasQuantizedOperands(node, own)) continue;
    const { name } = node;
    const reason = computeOnIntegers(graph, node, own);
    if (reason !== null) left.set(reason, [...(left.get(reason) ?? []), name]);
  }
  return left;
}
