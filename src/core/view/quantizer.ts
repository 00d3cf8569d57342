import { tensorNumbers } from '../ir/tensor-values.ts';
import { attrFloat, attrTensor } from '../ir/node-attributes.ts';
import type { Node, Value } from '../ir/graph.ts';
import type { Tensor } from '../ir/tensor.ts';

/** The quantizer operators of ONNX, and TensorRT's own for types that ONNX lacked. */
const QUANTIZE = /^(TRT_\w+?)?QuantizeLinear$/;
const DEQUANTIZE = /^(TRT_\w+?)?DequantizeLinear$/;

/** `Q`, `DQ`, or undefined for any other operator. */
export function quantizerText(node: Node): 'Q' | 'DQ' | undefined {
  if (DEQUANTIZE.test(node.opType)) return 'DQ';
  return QUANTIZE.test(node.opType) ? 'Q' : undefined;
}

/** The tensor that a value is: an initializer, or the output of a Constant node. */
export function constantTensor(value: Value | null | undefined): Tensor | undefined {
  const producer = value?.producer();
  if (producer?.opType === 'Constant') return attrTensor(producer, 'value');
  return value?.tensor;
}

/** The scale of a quantizer as text: one number, or how many and from where to where. */
export function scaleText(node: Node): string {
  const scale = node.inputs[1];
  const producer = scale?.producer();
  if (producer?.opType === 'Constant' && producer.attributes.has('value_float')) {
    return short(attrFloat(producer, 'value_float', 1));
  }
  const tensor = constantTensor(scale);
  const numbers = tensor && tensorNumbers(tensor);
  if (numbers === undefined) return scale ? `scale ${scale.name}` : 'no scale';
  if (numbers.length === 1) return short(numbers[0]!);
  let low = Infinity;
  let high = -Infinity;
  for (const n of numbers) {
    low = Math.min(low, n);
    high = Math.max(high, n);
  }
  return `${String(numbers.length)} scales, ${short(low)} to ${short(high)}`;
}

const short = (n: number): string => String(Number(n.toPrecision(4)));
