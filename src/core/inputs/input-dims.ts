import { dimensionOpen, inputUnknown } from '../base/diagnostics/inputs.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { Value } from '../ir/value.ts';
import { isRunDataType } from './run-arrays.ts';
import type { RunDataType } from './run-arrays.ts';

/** Sizes of dynamic dimensions by name. */
export type DimSizes = Readonly<Record<string, number>>;

/** Type and shape of an input with every dimension known. Fails on a dynamic one that `sizes` does not name. */
export function inputDims(
  { name, dataType, shape }: Value,
  sizes: DimSizes,
): Result<{ readonly dataType: RunDataType; readonly dims: readonly number[] }> {
  if (shape === undefined || dataType === undefined || !isRunDataType(dataType))
    return fail(inputUnknown(name));
  const dims: number[] = [];
  for (const dim of shape) {
    const size = typeof dim === 'number' ? dim : Object.hasOwn(sizes, dim) ? sizes[dim] : undefined;
    if (size === undefined) return fail(dimensionOpen(name, String(dim)));
    dims.push(size);
  }
  return ok({ dataType, dims });
}
