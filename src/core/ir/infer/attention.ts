import type { Dim } from '../graph.ts';
import { attrInt } from '../node-attributes.ts';
import type { Shape } from './merge-shapes.ts';
import type { NodeContext } from './node-context.ts';
import type { OperatorTable } from './operator-table.ts';

/** Batch, heads, length and head size of one of query, key and value. */
interface Heads {
  readonly batch: Dim;
  readonly heads: Dim;
  readonly length: Dim;
  readonly size: Dim;
}

/** Operands are [batch, heads, length, size], or [batch, length, heads * size] with the heads in an attribute. */
function readHeads(c: NodeContext, index: number, attribute: string): Heads | undefined {
  const shape = c.shapeOfRank(index, 3, 4);
  if (shape === undefined) return undefined;
  const [batch = 1, second = 1, third = 1, size = 1] = shape;
  if (shape.length === 4) return { batch, heads: second, length: third, size };
  const heads = attrInt(c.node, attribute, 0);
  if (heads <= 0) {
    c.attributeProblem(attribute, 'is needed for inputs of three dimensions');
    return undefined;
  }
  return { batch, heads, length: second, size: c.orFresh(c.dims.floorDivide(third, heads)) };
}

/**
 * `Attention` of opset 23: query, key, value, mask, past key, past value; outputs the result, the present key and value,
 * and the matrix of products of query and key.
 */
function attention(c: NodeContext): void {
  const query = readHeads(c, 0, 'q_num_heads');
  const key = readHeads(c, 1, 'kv_num_heads');
  const value = readHeads(c, 2, 'kv_num_heads');
  const rank = c.shape(0)?.length;
  const total = key && withPast(c, key.length);
  const result: Shape | undefined =
    query && value && rank === 4 ? [query.batch, query.heads, query.length, value.size] : undefined;
  const flat: Shape | undefined = query &&
    value && [query.batch, query.length, c.orFresh(c.dims.multiply(query.heads, value.size))];
  c.output(0, c.dataType(0), rank === 4 ? result : flat);
  if (total === undefined || key === undefined) return;
  c.output(1, c.dataType(1), [key.batch, key.heads, total, key.size]);
  if (value !== undefined) c.output(2, c.dataType(2), [key.batch, key.heads, total, value.size]);
  if (query !== undefined)
    c.output(3, c.dataType(0), [query.batch, query.heads, query.length, total]);
}

function withPast(c: NodeContext, length: Dim): Dim {
  if (c.input(4) === undefined) return length;
  const past = c.shape(4)?.[2];
  return c.orFresh(past === undefined ? undefined : c.dims.add(past, length));
}

/** Rotation keeps the shape. */
function rotaryEmbedding(c: NodeContext): void {
  c.output(0, c.required(0)?.dataType, c.shape(0));
}

export const attentionOperators: OperatorTable = {
  Attention: attention,
  RotaryEmbedding: rotaryEmbedding,
};
