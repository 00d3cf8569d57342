import type { Graph, Node } from '../../ir/graph.ts';
import type { Model } from '../../ir/model.ts';
import { isQuantizer, isQuantizeNode, quantizerNames } from '../../ir/quantizer-nodes.ts';
import type { PredictedEngine, PredictedLayer } from '../../sim/predicted-engine.ts';
import type { EngineRemark } from './engine-arithmetic-report.ts';
import { isProduct } from './integer-product.ts';
import { requantizationBehind } from './requantization.ts';

/** Remarks on products of INT8 layers that stay in float, by the reason. */
export const productRemarks = (
  left: ReadonlyMap<string, readonly string[]>,
): readonly EngineRemark[] =>
  [...left].map(([reason, names]) => ({ text: `not computed on integers, for ${reason}`, names }));

/**
 * What of the engine's arithmetic is decided by timing, is not known from the model, or was not measured on a real engine (README.md
 * lists what was). Each remark names what it is about.
 */
export function remarksOn({ graph }: Model, engine: PredictedEngine): readonly EngineRemark[] {
  const int8 = engine.layers.filter(({ precision }) => precision === 'int8');
  const layers = int8.map((layer) => new RemarkedLayer(graph, layer));
  const outputs = engine.layers.flatMap((layer) => layer.outputs);
  const narrow = engine.layers.filter(({ precision }) => NARROW.has(precision));
  return [
    remark(
      'FP32 or FP16 is decided by timing, and FP32 is taken',
      outputs
        .filter(({ uncertain, dataType }) => uncertain === true && dataType === 'Half')
        .map(({ name }) => name),
    ),
    remark(
      'what stands between product and Q is computed before the division by the scale, for the order in the kernel is not measured',
      layers.flatMap((layer) => layer.withOtherSteps()),
    ),
    remark(
      'on INT8 without a product: rounded as ONNX does it, which is not measured',
      layers.flatMap((layer) => layer.withoutProduct()),
    ),
    remark(
      'FP8 and INT4 are computed as ONNX defines them, which is not measured',
      narrow.flatMap((layer) => nodesOf(graph, layer).map(({ name }) => name)),
    ),
    remark(
      'products in FP16 are summed up in FP32, in another order than in the kernel',
      engine.layers
        .filter(({ precision }) => precision === 'fp16')
        .flatMap((layer) => nodesOf(graph, layer).filter(isProduct))
        .map(({ name }) => name),
    ),
    ...(int8.length > 0 && quantizerNames(graph).size === 0
      ? [
          {
            text: 'INT8 without Q/DQ: the ranges come from a calibration that is not known',
            names: [],
          },
        ]
      : []),
  ].filter((one) => one !== undefined);
}

const NARROW: ReadonlySet<string> = new Set(['fp8', 'int4']);

/** Operators that move or pick elements are exact on integers, however they are rounded around it. */
const ROUNDING: ReadonlySet<string> = new Set([
  'Add',
  'AveragePool',
  'GlobalAveragePool',
  'Mul',
  'ReduceMean',
  'Sub',
]);

const remark = (text: string, names: readonly string[]): EngineRemark | undefined =>
  names.length === 0 ? undefined : { text, names: [...new Set(names)] };

const nodesOf = (graph: Graph, { nodes }: PredictedLayer): readonly Node[] =>
  nodes.flatMap((name) => {
    const node = graph.node(name);
    return node && !isQuantizer(node) ? [node] : [];
  });

/** An INT8 layer, as far as remarks look at it. */
class RemarkedLayer {
  private readonly own: ReadonlySet<string>;
  private readonly nodes: readonly Node[];
  private readonly givesInt8: boolean;

  constructor(graph: Graph, layer: PredictedLayer) {
    this.own = new Set(layer.nodes);
    this.nodes = nodesOf(graph, layer);
    this.givesInt8 =
      layer.outputs.some(({ dataType }) => dataType === 'Int8') &&
      layer.nodes.some((name) => isQuantizeNode(graph.node(name)));
  }
  /** Steps of a layer that gives INT8 out, but does something on the way that cannot be done in the unit of its output. */
  withOtherSteps(): readonly string[] {
    const products = this.nodes.filter(isProduct);
    if (!this.givesInt8 || products.length === 0) return [];
    const isFollowed = products.every(({ outputs: [output] }) => {
      return output !== undefined && requantizationBehind(output, this.own) !== null;
    });
    return isFollowed ? [] : this.nodes.filter((node) => !isProduct(node)).map(({ name }) => name);
  }
  withoutProduct(): readonly string[] {
    return this.nodes.some(isProduct)
      ? []
      : this.nodes.filter(({ opType }) => ROUNDING.has(opType)).map(({ name }) => name);
  }
}
