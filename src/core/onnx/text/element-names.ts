import { DATA_TYPES } from '../../ir/data-type.ts';
import type { DataType } from '../../ir/data-type.ts';

/** The types whose textual name differs from ours. */
const SPECIAL: ReadonlyMap<DataType, string> = new Map([
  ['float32', 'float'],
  ['float64', 'double'],
]);

const BY_NAME = new Map<string, DataType>(
  DATA_TYPES.filter((type) => type !== 'undefined').flatMap((type) => [
    [type, type],
    [SPECIAL.get(type) ?? type, type],
  ]),
);

/** The element type of that name in textual ONNX; `float32` and `float64` are understood too. */
export const elementType = (name: string): DataType | undefined => BY_NAME.get(name);

/** The name of an element type in textual ONNX. */
export const elementName = (type: DataType): string => SPECIAL.get(type) ?? type;
