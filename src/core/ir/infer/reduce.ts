import type { Dim } from '../graph.ts';
import { attrInt } from '../node-attributes.ts';
import { axesOperand } from './axes-operand.ts';
import type { FoldedConstant } from './infer-report.ts';
import type { Shape } from './merge-shapes.ts';
import type { NodeContext } from './node-context.ts';
import type { OperatorTable } from './operator-table.ts';
import { sameFor } from './operator-table.ts';

/** Axes are an attribute before opset 18 (ReduceSum: 13) and input 1 later. */
function reduce(c: NodeContext): void {
  const shape = c.required(0)?.shape;
  const keep = attrInt(c.node, 'keepdims', 1) !== 0;
  const axes = axesOperand(c, 1);
  if (shape === undefined) {
    const scalar = !keep && axes === 'absent';
    return c.output(0, c.dataType(0), scalar ? [] : undefined);
  }
  if (axes === 'unknown') return c.output(0, c.dataType(0), reducedSomewhere(c, shape, keep));
  const none = axes === 'absent' || axes.length === 0;
  if (none && attrInt(c.node, 'noop_with_empty_axes', 0) !== 0) {
    return c.output(0, c.dataType(0), shape);
  }
  const reduced = none ? shape.map((_, i) => i) : c.axes(axes, shape.length);
  c.output(0, c.dataType(0), reduced && dropAxes(shape, reduced, keep));
  if (reduced?.length === 1 || none) foldReduce(c, keep);
}

/** Which axes go is not known, but perhaps how many. */
function reducedSomewhere(c: NodeContext, shape: Shape, keep: boolean): Shape | undefined {
  const count = keep ? 0 : c.listLength(1);
  return count === undefined || count > shape.length
    ? undefined
    : c.freshShape(shape.length - count);
}

function dropAxes(shape: Shape, axes: readonly number[], keep: boolean): Shape {
  const gone = new Set(axes);
  if (keep) return shape.map((d, i) => (gone.has(i) ? 1 : d));
  return shape.filter((_, i) => !gone.has(i));
}

type Combine = (c: NodeContext, a: Dim, b: Dim) => Dim | undefined;

const COMBINE: Readonly<Record<string, Combine>> = {
  ReduceProd: (c, a, b) => c.dims.multiply(a, b),
  ReduceSum: (c, a, b) => c.dims.add(a, b),
  ReduceMax: (c, a, b) => c.dims.max(a, b),
  ReduceMin: (c, a, b) => c.dims.min(a, b),
};

/** Lists of dimensions are reduced to one number; anything of higher rank is no shape arithmetic. */
function foldReduce(c: NodeContext, keep: boolean): void {
  const constant = c.constant(0);
  const combine = COMBINE[c.node.opType];
  if (constant === undefined || combine === undefined || constant.shape.length > 1) return;
  const [first, ...rest] = constant.elements;
  let result = first;
  for (const e of rest) result = result === undefined ? undefined : combine(c, result, e);
  if (result === undefined) return;
  const shape = keep ? constant.shape.map(() => 1) : [];
  const folded: FoldedConstant = { dataType: constant.dataType, shape, elements: [result] };
  c.fold(0, folded);
}

function argExtreme(c: NodeContext): void {
  const shape = c.required(0)?.shape;
  const axis = shape && c.axis(attrInt(c.node, 'axis', 0), shape.length);
  const keep = attrInt(c.node, 'keepdims', 1) !== 0;
  c.output(
    0,
    'int64',
    axis === undefined || shape === undefined ? undefined : dropAxes(shape, [axis], keep),
  );
}

/** `k` is an attribute in opset 1 and input 1 from 10 on. */
function topK(c: NodeContext): void {
  const shape = c.required(0)?.shape;
  const axis = shape && c.axis(attrInt(c.node, 'axis', -1), shape.length);
  const k =
    c.input(1) === undefined
      ? c.hasAttribute('k')
        ? attrInt(c.node, 'k', 0)
        : undefined
      : c.elements(1)?.[0];
  if (c.input(1) === undefined && k === undefined) c.required(1);
  const result =
    axis === undefined ? undefined : shape?.map((d, i) => (i === axis ? (k ?? c.fresh()) : d));
  c.output(0, c.dataType(0), result);
  c.output(1, 'int64', result);
}

function cumulative(c: NodeContext): void {
  c.output(0, c.required(0)?.dataType, c.shape(0));
}

const REDUCTIONS =
  'ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare';

export const reduceOperators: OperatorTable = {
  ...sameFor(REDUCTIONS, reduce),
  ...sameFor('ArgMax ArgMin', argExtreme),
  ...sameFor('CumSum CumProd', cumulative),
  TopK: topK,
};
