import type { DataType } from './data-type.ts';
import type { Node } from './graph.ts';
import { constantOf } from './quantizer-nodes.ts';

/** The first ONNX operator set that has something, and what that is. */
export interface OpsetNeed {
  readonly opset: number;
  readonly what: string;
}

/**
 * The operator set that a Q or DQ needs, from the notes on versions of ONNX's QuantizeLinear. TensorRT's own operators
 * have no such floor.
 */
export function quantizerNeeds(node: Node): OpsetNeed | undefined {
  if (node.domain !== '' || node.opType.startsWith('TRT_')) return undefined;
  const [data, scale, zeroPoint] = node.inputs;
  const type = zeroPoint?.dataType ?? node.outputs[0]?.dataType;
  const need = needOfType(type) ?? needOfType(data?.dataType);
  if (need) return need;
  if (node.attributes.has('block_size')) return { opset: 21, what: 'blocks of scales' };
  if (scale?.dataType === 'float16' || scale?.dataType === 'bfloat16')
    return { opset: 19, what: 'half-precision scales' };
  const dims = constantOf(scale)?.dims ?? [];
  return dims.some((dim) => dim > 1)
    ? { opset: 13, what: 'one scale for each channel' }
    : { opset: 10, what: 'QuantizeLinear' };
}

function needOfType(type: DataType | undefined): OpsetNeed | undefined {
  if (type === 'float4e2m1') return { opset: 23, what: 'FP4' };
  if (type === 'int4' || type === 'uint4') return { opset: 21, what: 'a 4-bit type' };
  if (type === 'int16' || type === 'uint16') return { opset: 21, what: 'a 16-bit type' };
  return type?.startsWith('float8') ? { opset: 19, what: 'FP8' } : undefined;
}
