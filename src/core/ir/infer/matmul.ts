import { inferDimsDisagree } from '../../base/diagnostics.ts';
import type { DataType } from '../data-type.ts';
import { attrInt } from '../node-attributes.ts';
import { broadcastShapes } from './broadcast.ts';
import type { Shape } from './merge-shapes.ts';
import type { NodeContext } from './node-context.ts';
import type { InferOperator, OperatorTable } from './operator-table.ts';

/** Shape of a matrix product with numpy rules: vectors gain a dimension that the result loses again. */
export function matmulShape(
  c: NodeContext,
  a: Shape | undefined,
  b: Shape | undefined,
): Shape | undefined {
  if (a === undefined || b === undefined) return undefined;
  if (a.length === 0 || b.length === 0) {
    c.problem(inferDimsDisagree(c.node, 'a scalar', 'a matrix is needed'));
    return undefined;
  }
  const left = a.length === 1 ? [1, ...a] : a;
  const right = b.length === 1 ? [...b, 1] : b;
  const [inner, other] = [left.at(-1) ?? 1, right.at(-2) ?? 1];
  if (c.dims.equal(inner, other) === false) c.problem(inferDimsDisagree(c.node, inner, other));
  const batch = broadcastShapes(c, [left.slice(0, -2), right.slice(0, -2)]) ?? [];
  const rows = a.length === 1 ? [] : [left.at(-2) ?? 1];
  const columns = b.length === 1 ? [] : [right.at(-1) ?? 1];
  return [...batch, ...rows, ...columns];
}

/** Operators that multiply input 0 with input `right`. */
const product =
  (right: number, resultType: (c: NodeContext) => DataType | undefined): InferOperator =>
  (c) => {
    c.output(0, resultType(c), matmulShape(c, c.required(0)?.shape, c.required(right)?.shape));
  };

function gemm(c: NodeContext): void {
  const a = c.shapeOfRank(0, 2, 2);
  const b = c.shapeOfRank(1, 2, 2);
  const flipA = attrInt(c.node, 'transA', 0) !== 0;
  const flipB = attrInt(c.node, 'transB', 0) !== 0;
  const inner = a?.[flipA ? 0 : 1];
  const other = b?.[flipB ? 1 : 0];
  if (inner !== undefined && other !== undefined && c.dims.equal(inner, other) === false) {
    c.problem(inferDimsDisagree(c.node, inner, other));
  }
  const rows = a?.[flipA ? 1 : 0] ?? c.fresh();
  const columns = b?.[flipB ? 0 : 1] ?? c.fresh();
  c.output(0, c.dataType(0) ?? c.dataType(1), [rows, columns]);
}

export const matmulOperators: OperatorTable = {
  MatMul: product(1, (c) => c.dataType(0) ?? c.dataType(1)),
  MatMulInteger: product(1, () => 'int32'),
  QLinearMatMul: product(3, (c) => c.dataType(7)),
  Gemm: gemm,
  // com.microsoft: with an activation behind it.
  FusedGemm: gemm,
};
