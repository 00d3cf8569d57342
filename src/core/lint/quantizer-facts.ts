import type { DataType } from '../ir/data-type.ts';
import type { Node, Value } from '../ir/graph.ts';
import { attrInt } from '../ir/node-attributes.ts';
import { DATA_TYPES } from '../ir/data-type.ts';
import { isDequantize, isQuantize } from '../sim/graph/operator-kinds.ts';

/** What a QuantizeLinear or DequantizeLinear node says, taken apart. */
export interface QuantizerFacts {
  readonly node: Node;
  readonly kind: 'Q' | 'DQ';
  /** What it reads and gives, without scale and zero point. */
  readonly data: Value;
  readonly output: Value;
  readonly scale: Value;
  readonly zeroPoint: Value | undefined;
  /** Elements of the scale; undefined when they are not known before the network runs, or not in memory. */
  readonly scales: readonly number[] | undefined;
  readonly zeroPoints: readonly number[] | undefined;
  /** Shape of the scale where it is known. */
  readonly scaleDims: readonly number[] | undefined;
  /** As TensorRT's parser takes it, may be negative. */
  readonly axis: number;
  /** Element type on the quantized side, as the model states it; undefined where it states none. */
  readonly type: DataType | undefined;
  /** True when the data is a constant, through Q/DQ or not. */
  readonly onWeight: boolean;
  /** Equal for quantizers that quantize alike. */
  readonly key: string;
}

/** What facts need to know about values. */
export interface ValueKnowledge {
  numbers(value: Value | null | undefined): readonly number[] | undefined;
  dims(value: Value): readonly number[] | undefined;
  isWeight(value: Value): boolean;
  readonly opset: number;
}

/** The facts of `node`; undefined for other operators and for damaged nodes. */
export function quantizerFacts(node: Node, know: ValueKnowledge): QuantizerFacts | undefined {
  const kind = isQuantize(node.opType) ? 'Q' : isDequantize(node.opType) ? 'DQ' : undefined;
  const [data, scale, zeroPoint] = node.inputs;
  const output = node.outputs[0];
  if (kind === undefined || !data || !scale || !output) return undefined;
  const type = quantizedType(node, kind, data, zeroPoint ?? undefined);
  const scales = know.numbers(scale);
  const axis = attrInt(node, 'axis', know.opset < 13 ? 0 : 1);
  const manyScales = scales !== undefined && scales.length > 1;
  return {
    node,
    kind,
    data,
    output,
    scale,
    zeroPoint: zeroPoint ?? undefined,
    scales,
    zeroPoints: know.numbers(zeroPoint),
    scaleDims: know.dims(scale),
    axis,
    type,
    onWeight: know.isWeight(data),
    key: `${type ?? 'int8'} ${manyScales ? String(axis) : ''} ${scales?.join(' ') ?? scale.name}`,
  };
}

function quantizedType(
  node: Node,
  kind: 'Q' | 'DQ',
  data: Value,
  zeroPoint: Value | undefined,
): DataType | undefined {
  if (node.opType.startsWith('TRT_FP8')) return 'float8e4m3fn';
  if (node.opType.startsWith('TRT_INT4')) return 'int4';
  if (zeroPoint?.dataType !== undefined) return zeroPoint.dataType;
  if (kind === 'Q') return DATA_TYPES[attrInt(node, 'output_dtype', 0) || -1];
  const maker = data.producer();
  const [source] = maker?.inputs ?? [];
  return maker && source && isQuantize(maker.opType)
    ? quantizedType(maker, 'Q', source, maker.inputs[2] ?? undefined)
    : data.dataType;
}
