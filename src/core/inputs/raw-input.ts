import { inputsNotMatched, rawSizeWrong } from '../base/diagnostics/inputs.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { Graph } from '../ir/graph.ts';
import { elementCount } from '../ir/tensor.ts';
import { inputDims } from './input-dims.ts';
import type { DimSizes } from './input-dims.ts';
import { readRaw } from './raw-tensor.ts';
import { RUN_ARRAYS } from './run-arrays.ts';
import type { RunTensor } from './run-tensor.ts';

/** Files of bare numbers go by these endings. */
export const isRawName = (file: string): boolean => /\.(?:raw|bin)$/i.test(file);

/**
 * A file of bare numbers as an array for the input that it is named after, or for the only one there is. Type and shape are
 * those of the input; several samples may follow each other in the file, and become the first dimension.
 */
export function rawInput(
  graph: Graph,
  file: string,
  bytes: Uint8Array,
  sizes: DimSizes = {},
): Result<ReadonlyMap<string, RunTensor>> {
  const stem = file.replace(/^.*[\\/]/, '').replace(/\.[^.]*$/, '');
  const names = graph.inputs.map(({ name }) => name);
  const input =
    graph.inputs.find(({ name }) => name === stem) ??
    (graph.inputs.length === 1 ? graph.inputs[0] : undefined);
  if (input === undefined) return fail(inputsNotMatched([stem], names, file));
  // A batch whose size nobody gives follows from the length of the file.
  const [first] = input.shape ?? [];
  const implied = typeof first === 'string' ? { [first]: 1 } : {};
  const known = inputDims(input, { ...implied, ...sizes });
  if (!known.ok) return known;
  const { dataType, dims } = known.value;
  const size = elementCount(dims) * RUN_ARRAYS[dataType].BYTES_PER_ELEMENT;
  const samples = size === 0 ? NaN : bytes.length / size;
  const [batch = 1, ...inner] = dims;
  if (!Number.isInteger(samples) || samples < 1 || (samples > 1 && dims.length < 2))
    return fail(rawSizeWrong(file, size, bytes.length));
  const whole = samples === 1 ? dims : [batch * samples, ...inner];
  const array = readRaw(file, bytes, { dataType, dims: whole });
  return array.ok ? ok(new Map([[input.name, array.value]])) : array;
}
