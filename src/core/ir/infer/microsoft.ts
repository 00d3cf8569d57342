import type { DataType } from '../data-type.ts';
import type { Dim } from '../graph.ts';
import { attrInt } from '../node-attributes.ts';
import { broadcastShapes } from './broadcast.ts';
import { matmulShape } from './matmul.ts';
import type { NodeContext } from './node-context.ts';
import type { InferOperator, OperatorTable } from './operator-table.ts';
import { sameFor } from './operator-table.ts';

const keepsShape: InferOperator = (c) => c.output(0, c.required(0)?.dataType, c.shape(0));

/** A, scale, zero point, B, scale, zero point, then those of the result. */
const quantizedBinary: InferOperator = (c) => {
  const shape = broadcastShapes(c, [c.required(0)?.shape, c.required(3)?.shape]);
  c.output(0, c.dataType(7) ?? c.dataType(0), shape);
};

/** Adds input 1 (and a bias) to input 0 and normalizes; the sum itself is output 3. */
const skipNormalization: InferOperator = (c) => {
  const shape = c.required(0)?.shape;
  const statistics = shape?.map((d, i) => (i === shape.length - 1 ? 1 : d));
  c.output(0, c.dataType(0), shape);
  c.output(1, 'float32', statistics);
  c.output(2, 'float32', statistics);
  c.output(3, c.dataType(0), shape);
};

/** Scale and zero point of the result come first, then triples of data, scale and zero point. */
const quantizedConcat: InferOperator = (c) => {
  const shapes = c.node.inputs.flatMap((_, i) =>
    i >= 2 && i % 3 === 2 ? [c.required(i)?.shape] : [],
  );
  const first = shapes[0];
  const axis = first && c.axis(attrInt(c.node, 'axis', 1), first.length);
  let total: Dim | undefined = 0;
  for (const shape of shapes) {
    const here: Dim | undefined = axis === undefined ? undefined : shape?.[axis];
    total = total === undefined || here === undefined ? undefined : c.dims.add(total, here);
  }
  const result = first?.map((d, i) => (i === axis ? c.orFresh(total) : d));
  c.output(0, c.dataType(1) ?? c.dataType(2), axis === undefined ? undefined : result);
};

/** A, scale, zero point, B, scale, zero point, bias, then those of the result, without which it is float. */
const quantizedGemm: InferOperator = (c) => {
  const shape = matmulShape(c, maybeFlipped(c, 0, 'transA'), maybeFlipped(c, 3, 'transB'));
  c.output(0, c.input(8) === undefined ? c.dataType(1) : c.dataType(8), shape);
};

/** Condition, X, scale, zero point, Y, scale, zero point, then those of the result. */
const quantizedWhere: InferOperator = (c) => {
  const shapes = [0, 1, 4].map((i) => c.required(i)?.shape);
  c.output(0, c.dataType(8) ?? c.dataType(1), broadcastShapes(c, shapes));
};

const quantizedGlobalPool: InferOperator = (c) => {
  const shape = c.shapeOfRank(0, 3);
  const last = attrInt(c.node, 'channels_last', 0) !== 0;
  const keeps = (i: number): boolean => i === 0 || i === (last ? (shape?.length ?? 0) - 1 : 1);
  c.output(
    0,
    c.dataType(0),
    shape?.map((d, i) => (keeps(i) ? d : 1)),
  );
};

/** A matrix product of inputs 0 and 1 whose element type is that of input `typed`, or fixed. */
const product =
  (typed: number | DataType): InferOperator =>
  (c) => {
    const dataType = typeof typed === 'number' ? c.dataType(typed) : typed;
    c.output(
      0,
      dataType,
      matmulShape(c, maybeFlipped(c, 0, 'transA'), maybeFlipped(c, 1, 'transB')),
    );
  };

function maybeFlipped(
  c: NodeContext,
  index: number,
  attribute: string,
): readonly Dim[] | undefined {
  const shape = c.required(index)?.shape;
  if (shape === undefined || shape.length < 2 || attrInt(c.node, attribute, 0) === 0) return shape;
  return [...shape.slice(0, -2), shape.at(-1) ?? 1, shape.at(-2) ?? 1];
}

/** Weights are packed blocks; `K` and `N` say what the matrix was. */
const packedProduct: InferOperator = (c) => {
  const shape = c.shapeOfRank(0, 1);
  c.output(0, c.dataType(0), shape && [...shape.slice(0, -1), attrInt(c.node, 'N', 0)]);
};

/** Data, weights, bias: three times the hidden size in the weights, unless `qkv_hidden_sizes` says otherwise. */
const attention =
  (typed: number): InferOperator =>
  (c) => {
    const shape = c.shapeOfRank(0, 3, 3);
    const weights = c.shapeOfRank(1, 2, 2);
    const sizes = c.node.attributes.get('qkv_hidden_sizes');
    const stated = sizes?.type === 'ints' ? Number(sizes.value[2] ?? 0) : undefined;
    const columns = weights?.[1];
    const hidden = stated ?? (columns === undefined ? undefined : c.dims.floorDivide(columns, 3));
    c.output(0, c.dataType(typed), shape && [...shape.slice(0, 2), c.orFresh(hidden)]);
  };

/** Query [batch, length, hidden]; the width of the result is that of the value where it is given apart. */
function multiHeadAttention(c: NodeContext): void {
  const query = c.shapeOfRank(0, 3, 5);
  const value = c.shape(2);
  const packed = query?.length === 5 ? c.dims.multiply(query[2] ?? 1, query[4] ?? 1) : undefined;
  const apart = value?.length === 4 ? c.dims.multiply(value[1] ?? 1, value[3] ?? 1) : value?.[2];
  const width = packed ?? apart ?? query?.[2];
  c.output(0, c.dataType(0), query && [...query.slice(0, 2), c.orFresh(width)]);
}

function groupQueryAttention(c: NodeContext): void {
  const query = c.shapeOfRank(0, 3, 3);
  const heads = attrInt(c.node, 'num_heads', 0) + 2 * attrInt(c.node, 'kv_num_heads', 0);
  const isPacked = c.input(1) === undefined;
  const perHead = isPacked && heads > 0 ? c.dims.divide(query?.[2] ?? 1, heads) : undefined;
  const packed =
    perHead === undefined ? undefined : c.dims.multiply(perHead, attrInt(c.node, 'num_heads', 0));
  const width = isPacked ? c.orFresh(packed) : (query?.[2] ?? c.fresh());
  c.output(0, c.dataType(0), query && [...query.slice(0, 2), width]);
  for (const i of [1, 2])
    c.output(i, c.dataType(i + 2), c.shape(i + 2)?.length === 4 ? presentShape(c, i) : undefined);
}

/** The cache grows along its third dimension, by how much the lengths input tells only at run time. */
function presentShape(c: NodeContext, output: number): readonly Dim[] | undefined {
  return c.shape(output + 2)?.map((d, i) => (i === 2 ? c.fresh(output) : d));
}

/** Word, position and segment tables are summed up: one vector per token. */
const embedNormalization =
  (typed: number): InferOperator =>
  (c) => {
    const tokens = c.shapeOfRank(0, 2, 2);
    const table = c.shapeOfRank(2, 2, 2);
    const dataType = c.dataType(typed);
    const shape = tokens && [...tokens, table?.[1] ?? c.fresh()];
    c.output(0, dataType, shape);
    c.output(1, 'int32', tokens?.slice(0, 1));
    c.output(2, dataType, shape);
  };

const KEEPING =
  'BiasGelu FastGelu QuickGelu Gelu BiasSoftmax BiasSplitGelu QLinearSigmoid QLinearLeakyRelu QLinearSoftmax Silu ' +
  'Inverse RotaryEmbedding GemmaRotaryEmbedding GroupNorm SkipGroupNorm BiasDropout BitmaskDropout BiasAdd';

/** Operators of `com.microsoft` that its quantizers and transformer optimizers write; those of ONNX are added to them. */
export const microsoftOperators: OperatorTable = {
  ...sameFor(KEEPING, keepsShape),
  ...sameFor('QLinearAdd QLinearMul', quantizedBinary),
  ...sameFor('SkipLayerNormalization SkipSimplifiedLayerNormalization', skipNormalization),
  QLinearConcat: quantizedConcat,
  QLinearWhere: quantizedWhere,
  QGemm: quantizedGemm,
  QLinearGlobalAveragePool: quantizedGlobalPool,
  ...sameFor('FusedMatMul TransposeMatMul GemmFastGelu', product(0)),
  DynamicQuantizeMatMul: product(0),
  MatMulIntegerToFloat: product(2),
  MatMulInteger16: product('int32'),
  ...sameFor('MatMulNBits MatMulBnb4 MatMulFpQ4', packedProduct),
  Attention: attention(0),
  // Its data and weights are integers; the scale has the type of the result.
  QAttention: attention(3),
  MultiHeadAttention: multiHeadAttention,
  GroupQueryAttention: groupQueryAttention,
  EmbedLayerNormalization: embedNormalization(2),
  // Its tables are integers; the scales have the type of the result.
  QEmbedLayerNormalization: embedNormalization(8),
};
