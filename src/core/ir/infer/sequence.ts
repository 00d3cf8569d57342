import { DATA_TYPES } from '../data-type.ts';
import { attrInt } from '../node-attributes.ts';
import type { InferOperator, OperatorTable } from './operator-table.ts';
import { sameFor } from './operator-table.ts';

/*
 * The IR has no type for sequences and optionals, so a value that holds one carries the type of its elements and no shape.
 */

const elementOf =
  (input: number): InferOperator =>
  (c) =>
    c.output(0, c.required(input)?.dataType, undefined);

const scalar: (dataType: 'int64' | 'bool') => InferOperator = (dataType) => (c) => {
  c.output(0, dataType, []);
};

const empty: InferOperator = (c) => {
  c.output(0, DATA_TYPES[attrInt(c.node, 'dtype', 1)], undefined);
};

/** An optional around a tensor is treated as that tensor. */
const passOn: InferOperator = (c) => {
  const value = c.input(0);
  c.output(0, value?.dataType, value?.shape);
};

export const sequenceOperators: OperatorTable = {
  ...sameFor(
    'SequenceConstruct SplitToSequence SequenceInsert SequenceErase SequenceAt ConcatFromSequence',
    elementOf(0),
  ),
  SequenceEmpty: empty,
  SequenceLength: scalar('int64'),
  Optional: passOn,
  OptionalGetElement: passOn,
  OptionalHasElement: scalar('bool'),
};
