import { DATA_TYPES } from '../data-type.ts';
import type { DataType } from '../data-type.ts';
import type { Dim } from '../graph.ts';
import { attrInt } from '../node-attributes.ts';
import type { InferOperator, OperatorTable } from './operator-table.ts';
import { sameFor } from './operator-table.ts';

const quantizeTo =
  (dataType: DataType): InferOperator =>
  (c) =>
    c.output(0, dataType, c.required(0)?.shape);

/** The scale has the type in which the network goes on, unless an attribute names it (scales of MXFP8 are exponents). */
const dequantize: InferOperator = (c) => {
  const scale = c.required(1)?.dataType;
  const stated = DATA_TYPES[attrInt(c.node, 'output_dtype', 0)];
  const dataType = stated === 'undefined' ? scale : stated;
  c.output(0, dataType === 'float8e8m0' ? 'float32' : dataType, c.required(0)?.shape);
};

/** Data and one scale per block of an axis; which axis and block size are attributes. */
function dynamicQuantize(data: DataType, scales: DataType, blockSize: number): InferOperator {
  return (c) => {
    const shape = c.required(0)?.shape;
    const block = attrInt(c.node, 'block_size', blockSize);
    const axis = shape && c.axis(attrInt(c.node, 'axis', -1), shape.length);
    if (block < 1) c.attributeProblem('block_size', 'is not positive');
    c.output(0, data, shape);
    const perBlock = (d: Dim): Dim => c.orFresh(c.dims.ceilDivide(d, Math.max(1, block)), 1);
    c.output(
      1,
      scales,
      axis === undefined ? undefined : shape?.map((d, i) => (i === axis ? perBlock(d) : d)),
    );
  };
}

/** Quantizers that exporters write in the `trt` domain, for types that ONNX had not or for scales made at run time. */
export const tensorrtOperators: OperatorTable = {
  TRT_FP8QuantizeLinear: quantizeTo('float8e4m3fn'),
  TRT_INT4QuantizeLinear: quantizeTo('int4'),
  ...sameFor(
    'TRT_FP8DequantizeLinear TRT_INT4DequantizeLinear TRT_MXFP8DequantizeLinear',
    dequantize,
  ),
  TRT_FP4DynamicQuantize: dynamicQuantize('float4e2m1', 'float8e4m3fn', 16),
  TRT_MXFP8DynamicQuantize: dynamicQuantize('float8e4m3fn', 'float8e8m0', 32),
};
