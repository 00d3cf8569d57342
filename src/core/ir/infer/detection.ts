import type { Dim } from '../graph.ts';
import { attrInt } from '../node-attributes.ts';
import type { NodeContext } from './node-context.ts';
import type { OperatorTable } from './operator-table.ts';

/** How many boxes survive depends on the data; each is batch, class and box number. */
function nonMaxSuppression(c: NodeContext): void {
  c.shapeOfRank(0, 3, 3);
  c.shapeOfRank(1, 3, 3);
  c.output(0, 'int64', [c.fresh(), 3]);
}

/** Coordinates of non-zero elements, one column each; a known constant tells how many. */
function nonZero(c: NodeContext): void {
  const shape = c.required(0)?.shape;
  const constant = c.numbers(0);
  const count: Dim = constant?.filter((e) => e !== 0).length ?? c.fresh();
  c.output(0, 'int64', [shape?.length ?? c.fresh(), count]);
  if (constant === undefined || shape?.length !== 1 || typeof count !== 'number') return;
  const elements = constant.flatMap((e, i) => (e === 0 ? [] : [i]));
  c.fold(0, { dataType: 'int64', shape: [1, count], elements });
}

/** The distinct entries and three lists of positions; without an axis the input counts as a list. */
function unique(c: NodeContext): void {
  const shape = c.required(0)?.shape;
  const count = c.fresh();
  if (!c.hasAttribute('axis')) {
    c.output(0, c.dataType(0), [count]);
    const total = shape && c.dims.product(shape);
    c.output(2, 'int64', [total ?? c.fresh(2)]);
  } else {
    const axis = shape && c.axis(attrInt(c.node, 'axis', 0), shape.length);
    c.output(
      0,
      c.dataType(0),
      axis === undefined ? undefined : shape?.map((d, i) => (i === axis ? count : d)),
    );
    c.output(2, 'int64', [(axis === undefined ? undefined : shape?.[axis]) ?? c.fresh(2)]);
  }
  c.output(1, 'int64', [count]);
  c.output(3, 'int64', [count]);
}

/** Loss functions: the mean or sum is a scalar, without reduction one entry per target. */
function loss(c: NodeContext): void {
  c.required(0);
  const target = c.required(1)?.shape;
  const reduction = c.node.attributes.get('reduction');
  const kept = reduction?.type === 'string' && reduction.value === 'none';
  c.output(0, c.dataType(0), kept ? target : []);
  c.output(1, c.dataType(0), c.shape(0));
}

/** The determinant of each matrix. */
function determinant(c: NodeContext): void {
  c.output(0, c.dataType(0), c.shapeOfRank(0, 2)?.slice(0, -2));
}

export const detectionOperators: OperatorTable = {
  NonMaxSuppression: nonMaxSuppression,
  NonZero: nonZero,
  Unique: unique,
  NegativeLogLikelihoodLoss: loss,
  SoftmaxCrossEntropyLoss: loss,
  Det: determinant,
};
