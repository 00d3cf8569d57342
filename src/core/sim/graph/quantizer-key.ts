import type { Node, Value } from '../../ir/graph.ts';
import { attrInt } from '../../ir/node-attributes.ts';
import { tensorNumbers } from '../../ir/tensor-values.ts';
import type { Tensor } from '../../ir/tensor.ts';
import { constantOf } from '../../ir/quantizer-nodes.ts';
import type { Quantizer } from './layer-parameters.ts';
import { isDequantize, isQuantize } from './operator-kinds.ts';

/** Numbers that a value is known to hold before the network runs, if any. */
export type KnownNumbers = (value: Value | null | undefined) => readonly number[] | undefined;

/** The type on the integer side. Without a zero point ONNX says uint8, but TensorRT's parser takes INT8. */
function quantizedType(node: Node): Quantizer['type'] {
  if (node.opType.startsWith('TRT_FP8')) return 'FP8';
  if (node.opType.startsWith('TRT_INT4')) return 'Int4';
  const input = node.inputs[0];
  const maker = input?.producer();
  if (isDequantize(node.opType) && maker && isQuantize(maker.opType)) return quantizedType(maker);
  const stated = node.inputs[2] ?? (node.attributes.has('output_dtype') ? node.outputs[0] : null);
  const type = (isDequantize(node.opType) ? input : stated)?.dataType ?? 'int8';
  if (type.startsWith('float8')) return 'FP8';
  if (type === 'float4e2m1') return 'FP4';
  if (type === 'int4' || type === 'uint4') return 'Int4';
  return type === 'uint8' ? 'UInt8' : 'Int8';
}

/**
 * Describes the quantizer of a QuantizeLinear or DequantizeLinear node. Scales are compared by their numbers where
 * these are known before the network runs and in memory, else by the name of the tensor that holds them.
 */
export function quantizerOf(node: Node, known: KnownNumbers): Quantizer {
  const scale = node.inputs[1];
  const tensor = constantOf(scale);
  const type = quantizedType(node);
  const numbers = (tensor && scaleNumbers(tensor)) ?? known(scale);
  const perTensor = numbers ? numbers.length === 1 : (tensor?.dims.length ?? 0) === 0;
  const axis = perTensor ? '' : `axis ${String(attrInt(node, 'axis', 1))} `;
  const scales = numbers ? textOf(numbers) : `of ${scale?.name ?? '?'}`;
  const constantScale = tensor !== undefined || numbers !== undefined;
  const scaleName = scale?.name ?? '';
  return { key: `${type} ${axis}${scales}`, perTensor, type, constantScale, scaleName };
}

/** A Q, its DQ, and every later simulation of the same weights ask for the same thousands of scales. */
const decoded = new WeakMap<Tensor, readonly number[]>();
const texts = new WeakMap<readonly number[], string>();

function scaleNumbers(tensor: Tensor): readonly number[] | undefined {
  let numbers = decoded.get(tensor);
  const read = numbers ? undefined : tensorNumbers(tensor);
  if (read) decoded.set(tensor, (numbers = Array.from(read)));
  return numbers;
}

function textOf(numbers: readonly number[]): string {
  let text = texts.get(numbers);
  if (text === undefined) texts.set(numbers, (text = numbers.join(' ')));
  return text;
}
