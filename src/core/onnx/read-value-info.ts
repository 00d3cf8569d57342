import { integerTooLarge, unsupportedType } from '../base/diagnostics.ts';
import { DATA_TYPES } from '../ir/data-type.ts';
import type { Dim, Value } from '../ir/graph.ts';
import { BYTES, Fields } from './fields.ts';
import type { ReadContext } from './read-context.ts';

/** Name and type part of a ValueInfoProto; no type where it is none of a tensor. */
export interface ValueInfo {
  readonly name: string;
  readonly elementType: number | undefined;
  readonly shape: readonly (bigint | string)[] | undefined;
}

/** Looks at the ValueInfoProto of the current field. Throws a WireError on damage. */
export function scanValueInfo(outer: Fields): ValueInfo {
  outer.expect(BYTES);
  let name = '';
  let type: Omit<ValueInfo, 'name'> = { elementType: undefined, shape: undefined };
  const fields = new Fields(outer.image, outer.data, outer.end);
  while (fields.next())
    if (fields.number === 1) name = fields.string();
    else if (fields.number === 2)
      inner(fields, (typeFields) => {
        if (typeFields.number === 1) type = scanTensorType(typeFields);
      });
  return { name, ...type };
}

/** Calls `visit` on each field of the message in the current field. */
function inner(outer: Fields, visit: (fields: Fields) => void): void {
  outer.expect(BYTES);
  const fields = new Fields(outer.image, outer.data, outer.end);
  while (fields.next()) visit(fields);
}

function scanTensorType(outer: Fields): Omit<ValueInfo, 'name'> {
  let elementType: number | undefined;
  let shape: (bigint | string)[] | undefined;
  inner(outer, (fields) => {
    if (fields.number === 1) elementType = fields.int32();
    else if (fields.number === 2) {
      shape ??= [];
      const dims = shape;
      inner(fields, (dim) => {
        if (dim.number === 1) dims.push(scanDim(dim));
      });
    }
  });
  return { elementType, shape };
}

/** A dimension without value and name comes back as an empty name. */
function scanDim(outer: Fields): bigint | string {
  let dim: bigint | string = '';
  inner(outer, (fields) => {
    if (fields.number === 1) dim = fields.int64();
    else if (fields.number === 2) dim = fields.string();
  });
  return dim;
}

/** Writes type and shape into `value`. Unknown dimensions get names that no other dimension has. */
export function applyValueInfo(context: ReadContext, value: Value, info: ValueInfo): void {
  if (info.elementType !== undefined) {
    const dataType = DATA_TYPES[info.elementType];
    if (dataType === undefined) {
      const place = { value: value.name };
      context.diagnostics.push(unsupportedType(`The value ${value.name}`, info.elementType, place));
    } else if (dataType !== 'undefined') value.dataType = dataType;
  }
  if (info.shape) value.shape = info.shape.map((dim) => toDim(context, value, dim));
}

function toDim(context: ReadContext, value: Value, dim: bigint | string): Dim {
  if (typeof dim === 'string') return dim === '' ? context.unknownDim() : dim;
  const size = Number(dim);
  if (Number.isSafeInteger(size) && size >= 0) return size;
  if (size > 0)
    context.diagnostics.push(
      integerTooLarge(`A dimension of ${value.name}`, dim, { value: value.name }),
    );
  return context.unknownDim();
}
