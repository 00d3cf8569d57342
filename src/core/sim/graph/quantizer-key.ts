import type { Node, Value } from '../../ir/graph.ts';
import { attrInt } from '../../ir/node-attributes.ts';
import { tensorNumbers } from '../../ir/tensor-values.ts';
import type { Quantizer } from './layer-parameters.ts';

/** What stands behind a value when it never changes: an initializer or a Constant node's tensor. */
export function constantTensor(value: Value | null | undefined) {
  if (!value) return undefined;
  if (value.tensor) return value.tensor;
  const maker = value.producer();
  if (maker?.opType !== 'Constant') return undefined;
  const attribute = maker.attributes.get('value');
  return attribute?.type === 'tensor' ? attribute.value : undefined;
}

function quantizedType(node: Node): Quantizer['type'] {
  const integer = node.opType.endsWith('DequantizeLinear') ? node.inputs[0] : node.outputs[0];
  const type = integer?.dataType ?? node.inputs[2]?.dataType ?? 'int8';
  if (type.startsWith('float8') || node.opType.startsWith('TRT_FP8')) return 'FP8';
  if (type === 'float4e2m1') return 'FP4';
  if (type === 'int4' || type === 'uint4' || node.opType.startsWith('TRT_INT4')) return 'Int4';
  return type === 'uint8' ? 'UInt8' : 'Int8';
}

/**
 * Describes the quantizer of a QuantizeLinear or DequantizeLinear node. Scales are compared by their numbers where
 * these are in memory, else by the name of the tensor that holds them.
 */
export function quantizerOf(node: Node): Quantizer {
  const scale = node.inputs[1];
  const tensor = constantTensor(scale);
  const type = quantizedType(node);
  const numbers = tensor && tensorNumbers(tensor);
  const perTensor = numbers
    ? numbers.length === 1
    : tensor === undefined || tensor.dims.length === 0;
  const axis = perTensor ? '' : `axis ${String(attrInt(node, 'axis', 1))} `;
  const scales = numbers ? Array.from(numbers).join(' ') : `of ${scale?.name ?? '?'}`;
  return { key: `${type} ${axis}${scales}`, perTensor, type, constantScale: tensor !== undefined };
}
