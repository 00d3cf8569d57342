import {
  feedDataTooShort,
  feedMissing,
  feedShapeWrong,
  feedTypeWrong,
  feedUnknown,
  typeNotExchangeable,
} from '../core/base/diagnostics/runtime.ts';
import type { Diagnostic } from '../core/base/diagnostic.ts';
import { elementCount } from '../core/ir/tensor.ts';
import type { Dim, Value } from '../core/ir/value.ts';
import type { Feeds, RunTensor } from '../core/inputs/run-tensor.ts';
import { isArrayOf, isExchangeable } from './ort-tensors.ts';

/** What keeps `feeds` from being run on a graph with these inputs; undefined when nothing does. */
export function feedsProblem(inputs: readonly Value[], feeds: Feeds): Diagnostic | undefined {
  const names = inputs.map(({ name }) => name);
  for (const name of feeds.keys()) if (!names.includes(name)) return feedUnknown(name, names);
  const bound = new Map<string, number>();
  for (const input of inputs) {
    const feed = feeds.get(input.name);
    if (feed === undefined) return feedMissing(input.name, [...feeds.keys()]);
    const problem = feedProblem(input, feed, bound);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function feedProblem(
  { name, dataType, shape }: Value,
  feed: RunTensor,
  bound: Map<string, number>,
): Diagnostic | undefined {
  if (dataType !== undefined && dataType !== feed.dataType)
    return feedTypeWrong(name, dataType, feed.dataType);
  if (!isExchangeable(feed.dataType)) return typeNotExchangeable(name, feed.dataType);
  if (!isArrayOf(feed.dataType, feed.data))
    return feedTypeWrong(name, feed.dataType, feed.data.constructor.name);
  if (shape !== undefined && !fits(shape, feed.dims, bound))
    return feedShapeWrong(
      name,
      shape.map((dim) => bound.get(String(dim)) ?? dim),
      feed.dims,
    );
  const want = elementCount(feed.dims);
  return want === feed.data.length ? undefined : feedDataTooShort(name, want, feed.data.length);
}

/** One name means one size in all inputs. */
function fits(shape: readonly Dim[], dims: readonly number[], bound: Map<string, number>): boolean {
  return (
    shape.length === dims.length &&
    shape.every((want, axis) => {
      const have = dims[axis] ?? 0;
      if (typeof want === 'number') return want === have;
      const before = bound.get(want);
      if (before === undefined) bound.set(want, have);
      return before === undefined || before === have;
    })
  );
}
