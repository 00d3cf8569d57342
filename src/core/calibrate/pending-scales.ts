import type { Graph, Node } from '../ir/graph.ts';
import {
  constantOf,
  isConstantThroughQuantizers,
  isPerTensor,
  isQuantizeNode,
} from '../ir/quantizer-nodes.ts';
import { tensorNumbers } from '../ir/tensor-values.ts';
import type { Tensor } from '../ir/tensor.ts';
import { quantizedTypeOf } from './quantized-type.ts';
import type { QuantizedType } from './quantized-type.ts';

/** One scale and everything that reads it: it has to serve all of these values. */
export interface ScaleGroup {
  readonly tensor: Tensor;
  /** Names of the QuantizeLinear nodes, in graph order. */
  readonly quantizers: readonly string[];
  /** Names of the float values that they read, each once: what has to be watched. */
  readonly values: readonly string[];
  /** What the first of the quantizers makes; INT8 where TensorRT would not take that. */
  readonly type: QuantizedType;
}

/** The scales that still wait for calibration, in graph order. A scale that only a DQ reads needs no watching. */
export const pendingScales = (graph: Graph): readonly ScaleGroup[] =>
  groupScales(graph, (_node, tensor) => tensor.placeholder === true);

/**
 * All scales of activations that one number can replace: pending ones, and constants with one scale a tensor whose zero
 * point is 0. Scales of constants (weights) are none of them.
 */
export const activationScales = (graph: Graph): readonly ScaleGroup[] =>
  groupScales(
    graph,
    (node, tensor) =>
      tensor.placeholder === true ||
      (quantizedTypeOf(node) !== undefined &&
        isPerTensor(node) &&
        isSymmetric(node) &&
        !isConstantThroughQuantizers(node.inputs[0])),
  );

function isSymmetric(quantize: Node): boolean {
  const zeroPoint = quantize.inputs[2];
  if (!zeroPoint) return true;
  const tensor = constantOf(zeroPoint);
  const numbers = tensor && tensorNumbers(tensor);
  return numbers?.every((number) => number === 0) === true;
}

function groupScales(
  graph: Graph,
  matches: (quantize: Node, scale: Tensor) => boolean,
): readonly ScaleGroup[] {
  const groups = new Map<
    Tensor,
    { quantizers: string[]; values: Set<string>; type: QuantizedType }
  >();
  for (const node of graph.nodes()) {
    const [value] = node.inputs;
    const tensor = isQuantizeNode(node) ? constantOf(node.inputs[1]) : undefined;
    if (!value || !tensor || !matches(node, tensor)) continue;
    // TensorRT takes no other type; whoever makes one of them later finds scales for INT8.
    const type = quantizedTypeOf(node) ?? 'int8';
    const group = groups.get(tensor) ?? { quantizers: [], values: new Set(), type };
    groups.set(tensor, group);
    group.quantizers.push(node.name);
    group.values.add(value.name);
  }
  return [...groups].map(([tensor, { quantizers, values, type }]) => ({
    tensor,
    quantizers,
    values: [...values],
    type,
  }));
}
