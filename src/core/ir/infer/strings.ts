import type { DataType } from '../data-type.ts';
import type { InferOperator, OperatorTable } from './operator-table.ts';
import { sameFor } from './operator-table.ts';
import { broadcastShapes } from './broadcast.ts';

const eachElement =
  (dataType: DataType): InferOperator =>
  (c) =>
    c.output(0, dataType, c.required(0)?.shape);

const concatenated: InferOperator = (c) => {
  c.output(0, 'string', broadcastShapes(c, [c.required(0)?.shape, c.required(1)?.shape]));
};

/** The longest split decides how wide the result is. */
const split: InferOperator = (c) => {
  const shape = c.required(0)?.shape;
  c.output(0, 'string', shape && [...shape, c.fresh()]);
  c.output(1, 'int64', shape);
};

export const stringOperators: OperatorTable = {
  ...sameFor('RegexFullMatch', eachElement('bool')),
  StringConcat: concatenated,
  StringSplit: split,
};
