import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import { DATA_TYPES } from '../ir/data-type.ts';
import type { DataType } from '../ir/data-type.ts';
import type { Graph, Node, Value } from '../ir/graph.ts';
import { attrInt } from '../ir/node-attributes.ts';
import {
  constantOf,
  isDequantizeNode,
  isPerTensor,
  isQuantizeNode,
  isQuantizer,
} from '../ir/quantizer-nodes.ts';
import { keepNumbers, tensorNumbers } from '../ir/tensor-values.ts';
import { quantGrid } from '../quant/quant-grids.ts';
import type { Quantization } from '../quant/quant-kernels.ts';
import type { QuantizerRange } from './validation-report.ts';

/** A Q or DQ with one constant scale, as numbers. */
export interface ActivationQuantizer extends Quantization {
  readonly node: Node;
  readonly quantizedType: DataType;
}

/** Reads scales and zero points that are still in a file, so that `activationQuantizer` finds them. Fails where they cannot be read. */
export async function readScales(graph: Graph, signal?: AbortSignal): Promise<Result<null>> {
  for (const node of graph.nodes()) {
    if (!isQuantizer(node) || !isPerTensor(node)) continue;
    for (const input of [node.inputs[1], node.inputs[2]]) {
      const tensor = constantOf(input);
      const kept = tensor && (await keepNumbers(tensor, signal));
      if (kept && !kept.ok) return kept;
    }
  }
  return ok(null);
}

/** The numbers of a Q or DQ; undefined unless it has one constant scale that is finite and above zero. */
export function activationQuantizer(node: Node): ActivationQuantizer | undefined {
  if (!isQuantizer(node) || !isPerTensor(node) || attrInt(node, 'block_size', 0) !== 0)
    return undefined;
  const scale = numberOf(node.inputs[1]);
  const zeroPoint = node.inputs[2] ? numberOf(node.inputs[2]) : 0;
  const quantizedType = quantizedTypeOf(node);
  const grid = quantGrid(quantizedType);
  if (scale === undefined || zeroPoint === undefined || !grid) return undefined;
  if (!(scale > 0 && scale < Infinity)) return undefined;
  return { node, scale, zeroPoint, grid, quantizedType };
}

/** The quantizer that reads `value` with the finest step, else the DQ that makes it. */
export function quantizerOfValue(value: Value): ActivationQuantizer | undefined {
  let finest: ActivationQuantizer | undefined;
  for (const reader of value.consumers()) {
    if (!isQuantizeNode(reader) || reader.inputs[0] !== value) continue;
    const found = activationQuantizer(reader);
    if (found && !(finest && finest.scale <= found.scale)) finest = found;
  }
  const maker = value.producer();
  return finest ?? (maker && isDequantizeNode(maker) ? activationQuantizer(maker) : undefined);
}

/** One step of the quantizer of `value`; undefined without one, and for float types, whose steps grow. */
export function stepOfValue(value: Value | undefined): number | undefined {
  const found = value && quantizerOfValue(value);
  return found && !found.grid.steps ? found.scale : undefined;
}

/** The range as reports show it. */
export const rangeOf = ({
  node,
  scale,
  zeroPoint,
  grid,
  quantizedType,
}: ActivationQuantizer): QuantizerRange => ({
  node: node.name,
  scale,
  zeroPoint,
  quantizedType,
  lowest: (grid.lowest - zeroPoint) * scale,
  highest: (grid.highest - zeroPoint) * scale,
});

function numberOf(value: Value | null | undefined): number | undefined {
  const tensor = constantOf(value);
  return tensor && tensorNumbers(tensor)?.[0];
}

/** The type of the zero point, else of the integers, else what `output_dtype` names, else ONNX's default. */
function quantizedTypeOf(node: Node): DataType {
  const integers = isQuantizeNode(node) ? node.outputs[0] : node.inputs[0];
  const zeroPoint = node.inputs[2];
  const stated = zeroPoint && (constantOf(zeroPoint)?.dataType ?? zeroPoint.dataType);
  const named = DATA_TYPES[attrInt(node, 'output_dtype', 0)];
  if (node.opType.startsWith('TRT_FP8')) return 'float8e4m3fn';
  return (
    stated ?? integers?.dataType ?? (named === undefined || named === 'undefined' ? 'uint8' : named)
  );
}
