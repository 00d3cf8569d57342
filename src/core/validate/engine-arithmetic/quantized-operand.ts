import { attrInt } from '../../ir/node-attributes.ts';
import type { Graph, Node, Value } from '../../ir/graph.ts';
import { constantOf, isDequantizeNode } from '../../ir/quantizer-nodes.ts';
import { tensorNumbers } from '../../ir/tensor-values.ts';

/** INT8 numbers and what one of them is worth. */
export interface QuantizedOperand {
  /** An INT8 value of the graph. */
  readonly integers: Value;
  readonly scale: Value;
  /** Number of scales; 1 for the whole tensor. */
  readonly scales: number;
  /** The axis along which scales differ, as the DQ says; meaningless with one scale. */
  readonly axis: number;
}

/**
 * Operators that can move or pick elements along, so that they give a quantized tensor's own numbers. Whether one does, as a Resize
 * to the nearest and a Pad of zeros do, the builder has found before it moved a DQ over it into a layer.
 */
const MOVERS: ReadonlySet<string> = new Set([
  'MaxPool',
  'GlobalMaxPool',
  'Reshape',
  'Flatten',
  'Transpose',
  'Squeeze',
  'Unsqueeze',
  'Slice',
  'Split',
  'Pad',
  'Resize',
  'Identity',
  'Dropout',
  'DepthToSpace',
  'SpaceToDepth',
]);

/**
 * The INT8 numbers behind a float value that layer with nodes `own` reads: of the DQ right before it, or of one that stands
 * before operators that only move elements, where the builder has moved the DQ on. There the numbers are made again by the
 * same quantizer, which gives each back exactly. Null where the value is on no grid of one quantizer, or the DQ is not the layer's.
 */
export function quantizedOperand(
  graph: Graph,
  value: Value,
  own: ReadonlySet<string>,
): QuantizedOperand | null {
  const dq = dequantizerBehind(value, own);
  if (dq === null || !isPlainInt8(dq)) return null;
  const [integers, scale, zeroPoint] = dq.inputs;
  if (!integers || !scale) return null;
  const dims = constantOf(scale)?.dims ?? scale.shape;
  if (dims === undefined || dims.length > 1 || typeof (dims[0] ?? 1) !== 'number') return null;
  const found = { scale, scales: Number(dims[0] ?? 1), axis: attrInt(dq, 'axis', 1) };
  if (dq.outputs[0] === value) return { ...found, integers };
  // A scale for each channel may have met another axis on the way.
  if (found.scales !== 1 || !zeroPoint) return null;
  const again = graph.ensureValue(graph.freshName(`${value.name}_int8`));
  again.dataType = 'int8';
  again.shape = value.shape;
  graph.addNode(
    {
      name: graph.freshName(`${value.name}_int8_node`),
      opType: 'QuantizeLinear',
      inputs: [value, scale, zeroPoint],
      outputs: [again],
    },
    value.producer()?.next ?? null,
  );
  return { ...found, integers: again };
}

/** Whether the layer with nodes `own` has taken in the DQs of both operands of a product. */
export const hasQuantizedOperands = ({ inputs }: Node, own: ReadonlySet<string>): boolean =>
  inputs.slice(0, 2).every((input) => input && dequantizerBehind(input, own) !== null);

/** The DQ whose numbers `value` holds, all with one scale; null if there is none in the layer. */
function dequantizerBehind(value: Value, own: ReadonlySet<string>): Node | null {
  const maker = value.producer();
  if (maker === null) return null;
  if (isDequantizeNode(maker)) return own.has(maker.name) ? maker : null;
  const [input] = maker.inputs;
  if (MOVERS.has(maker.opType)) return input ? dequantizerBehind(input, own) : null;
  if (maker.opType !== 'Concat') return null;
  const parts = maker.inputs.map((part) => part && dequantizerBehind(part, own));
  const [first] = parts;
  return first && parts.every((part) => part && isSameScale(part, first)) ? first : null;
}

function isSameScale(a: Node, b: Node): boolean {
  const [x, y] = [a, b].map((node) => singleScale(node));
  return x !== undefined && x === y;
}

function singleScale(dq: Node): number | undefined {
  const tensor = constantOf(dq.inputs[1]);
  const numbers = tensor && tensorNumbers(tensor);
  return numbers?.length === 1 ? numbers[0] : undefined;
}

/** INT8 around zero, the only kind that TensorRT computes with. */
function isPlainInt8(dq: Node): boolean {
  const [integers, , zeroPoint] = dq.inputs;
  const type = zeroPoint?.dataType ?? constantOf(zeroPoint)?.dataType ?? integers?.dataType;
  if (type !== 'int8' || dq.opType !== 'DequantizeLinear') return false;
  if (attrInt(dq, 'block_size', 0) !== 0) return false;
  if (!zeroPoint) return true;
  const tensor = constantOf(zeroPoint);
  const zeros = tensor && tensorNumbers(tensor);
  // Numbers that are still in a file: the builder refuses other zero points, so that no engine would have the layer.
  return zeros?.every((zero) => zero === 0) ?? true;
}
