import { byteSize } from '../core/ir/data-type.ts';
import type { Graph, Value } from '../core/ir/graph.ts';
import { elementCount } from '../core/ir/tensor.ts';
import type { Dim } from '../core/ir/value.ts';

/** What is known about the sizes of values, and how much of them may be held at once. */
export interface GroupOptions {
  /** Bytes that the values of one group may take together. */
  readonly budgetBytes: number;
  /** Sizes of named dimensions, as the feeds will have them. */
  readonly dims?: Readonly<Record<string, number>>;
}

/**
 * Splits `wanted` into groups, in order, each to be asked for in a run of its own, so that the values of one group take at
 * most `budgetBytes`. A value that is larger alone, or whose size is not known, gets a group to itself.
 */
export function groupValues(
  graph: Graph,
  wanted: readonly string[],
  { budgetBytes, dims = {} }: GroupOptions,
): readonly (readonly string[])[] {
  const groups: string[][] = [];
  let room = 0;
  for (const name of wanted) {
    const value = graph.value(name);
    const bytes = (value && valueBytes(value, dims)) ?? Infinity;
    const current = groups.at(-1);
    if (current !== undefined && bytes <= room) current.push(name);
    else {
      groups.push([name]);
      room = budgetBytes;
    }
    // Beside a value of unknown size there is room for nothing.
    room -= bytes;
  }
  return groups;
}

/** Bytes of a value in a run; undefined while its type or a dimension is not known. */
export function valueBytes(
  { dataType, shape }: Value,
  dims: Readonly<Record<string, number>>,
): number | undefined {
  const sizes = shape?.map((dim: Dim) => (typeof dim === 'number' ? dim : dims[dim]));
  if (dataType === undefined || sizes === undefined) return undefined;
  const known = sizes.filter((size) => size !== undefined);
  return known.length === sizes.length ? byteSize(dataType, elementCount(known)) : undefined;
}
