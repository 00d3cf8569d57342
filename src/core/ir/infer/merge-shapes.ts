import type { Dim } from '../graph.ts';

export type Shape = readonly Dim[];

export interface MergedShape {
  readonly shape: Shape;
  /** Set when the two cannot both be right. */
  readonly contradicts: boolean;
}

/** True for the names that stand for "nobody knows", ours and those of other tools. */
export const isUnknownName = (dim: Dim): boolean =>
  typeof dim === 'string' && (dim === '' || dim === '?' || dim.startsWith('unk__'));

/**
 * What a file says about a shape and what inference found, put together. A number beats a name; of two names the inferred
 * one stays, unless it was made up; of two numbers the inferred one stays if `certain`.
 */
export function mergeShapes(given: Shape, inferred: Shape, certain: boolean): MergedShape {
  if (given.length !== inferred.length) {
    return { shape: certain ? inferred : given, contradicts: true };
  }
  let contradicts = false;
  const shape = inferred.map((dim, i): Dim => {
    const said = given[i] ?? dim;
    if (said === dim) return dim;
    if (typeof said === 'number' && said >= 0) {
      if (typeof dim === 'string') return said;
      contradicts = true;
      return certain ? dim : said;
    }
    return isUnknownName(dim) && typeof said === 'string' && !isUnknownName(said) ? said : dim;
  });
  return { shape, contradicts };
}
