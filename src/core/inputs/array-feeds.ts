import {
  arrayCountsDiffer,
  batchDoesNotFit,
  inputShapeWrong,
  inputsNotMatched,
  inputTypeWrong,
} from '../base/diagnostics/inputs.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { Graph, Value } from '../ir/graph.ts';
import type { Dim } from '../ir/value.ts';
import { feedSequence } from './feed-sources.ts';
import type { ArraySource, FeedSequence } from './feed-sources.ts';
import type { DimSizes } from './input-dims.ts';
import type { Feeds, RunTensor } from './run-tensor.ts';

type Arrays = ReadonlyMap<string, RunTensor>;

/**
 * Feeds out of files with numbers. A file whose arrays bear the names of all inputs, or that has one array for the only input,
 * is a set of samples of its own; files that each name one input are one set together.
 *
 * The first dimension is the batch: an array is cut into pieces of the batch that the model fixes, or that `dims` gives by
 * name, else of one sample. An array without that dimension is one sample. Inputs with a single dimension are never cut. An
 * input with one piece is given to every feed of its set. Types must be equal: nothing is converted.
 */
export function arrayFeeds(
  graph: Graph,
  sources: readonly ArraySource[],
  dims: DimSizes = {},
): FeedSequence {
  return feedSequence(() => feeds(graph, sources, dims));
}

async function* feeds(
  graph: Graph,
  sources: readonly ArraySource[],
  dims: DimSizes,
): AsyncGenerator<Result<Feeds>, void, undefined> {
  for await (const set of sampleSets(graph, sources)) {
    const pieces = set.ok ? cut(graph, set.value, dims) : set;
    if (!pieces.ok) {
      yield pieces;
      return;
    }
    for (const piece of pieces.value) yield ok(piece);
  }
}

/** Arrays that belong together, by the names of the inputs. */
interface SampleSet {
  readonly file: string;
  readonly arrays: Arrays;
}

async function* sampleSets(
  graph: Graph,
  sources: readonly ArraySource[],
): AsyncGenerator<Result<SampleSet>, void, undefined> {
  const names = graph.inputs.map(({ name }) => name);
  const collected = new Map<string, RunTensor>();
  for (const source of sources) {
    const read = await source.read();
    if (!read.ok) {
      yield read;
      return;
    }
    const arrays = matched(names, read.value);
    if (arrays !== undefined) yield ok({ file: source.name, arrays });
    else {
      const isPart = [...read.value.keys()].every((name) => names.includes(name));
      if (!isPart) {
        yield fail(inputsNotMatched([...read.value.keys()], names, source.name));
        return;
      }
      for (const [name, array] of read.value) collected.set(name, array);
      if (!names.every((name) => collected.has(name))) continue;
      yield ok({ file: source.name, arrays: new Map(collected) });
      collected.clear();
    }
  }
  if (collected.size > 0) yield fail(inputsNotMatched([...collected.keys()], names));
}

/** The arrays by the names of the inputs; undefined where some input has none. */
function matched(names: readonly string[], arrays: Arrays): Arrays | undefined {
  if (names.every((name) => arrays.has(name)))
    return new Map([...arrays].filter(([name]) => names.includes(name)));
  const [only, ...others] = arrays.values();
  const [input] = names;
  const isClear = names.length === 1 && others.length === 0;
  return isClear && only !== undefined && input !== undefined
    ? new Map([[input, only]])
    : undefined;
}

/** The feeds that one set gives. */
function cut(graph: Graph, { file, arrays }: SampleSet, dims: DimSizes): Result<readonly Feeds[]> {
  const pieces = new Map<string, readonly RunTensor[]>();
  for (const input of graph.inputs) {
    const array = arrays.get(input.name);
    // `sampleSets` gives complete sets only.
    const made = array && piecesOf(input, array, { file, dims });
    if (made === undefined) continue;
    if (!made.ok) return made;
    pieces.set(input.name, made.value);
  }
  const counts = new Map([...pieces].map(([name, list]) => [name, list.length]));
  const count = Math.max(...counts.values());
  if ([...counts.values()].some((n) => n !== count && n !== 1))
    return fail(arrayCountsDiffer(counts, file));
  return ok(
    Array.from(
      { length: count },
      (_, i) => new Map([...pieces].map(([name, list]) => [name, list[i % list.length]!])),
    ),
  );
}

interface CutOptions {
  readonly file: string;
  readonly dims: DimSizes;
}

function piecesOf(
  { name, dataType, shape }: Value,
  array: RunTensor,
  { file, dims }: CutOptions,
): Result<readonly RunTensor[]> {
  if (dataType !== undefined && dataType !== array.dataType)
    return fail(inputTypeWrong(name, dataType, array.dataType, file));
  if (shape === undefined) return ok([array]);
  const wrong = () => fail(inputShapeWrong(name, shape, array.dims, file));
  const sizeOf = (dim: Dim | undefined): number | undefined =>
    typeof dim === 'number' || dim === undefined
      ? dim
      : Object.hasOwn(dims, dim)
        ? dims[dim]
        : undefined;
  // Without a batch dimension it is one sample, as a file for each sample has it.
  const isSample = array.dims.length === shape.length - 1;
  const whole = isSample ? [1, ...array.dims] : array.dims;
  if (whole.length !== shape.length) return wrong();
  const inner = shape.slice(1);
  if (inner.some((dim, i) => (sizeOf(dim) ?? whole[i + 1]) !== whole[i + 1])) return wrong();
  const [have] = whole;
  const fixed = sizeOf(shape[0]);
  if (have === undefined) return ok([array]);
  const batch = fixed ?? (shape.length > 1 ? 1 : have);
  if (have === batch) return ok([{ ...array, dims: whole }]);
  if (shape.length === 1) return wrong();
  if (batch < 1 || have % batch !== 0) return fail(batchDoesNotFit(name, batch, have, file));
  return ok(split(array, whole, batch));
}

/** Views of the array along its first dimension. */
function split(
  { dataType, data }: RunTensor,
  [have = 0, ...inner]: readonly number[],
  batch: number,
): readonly RunTensor[] {
  const count = have / batch;
  const size = data.length / Math.max(1, count);
  return Array.from({ length: count }, (_, i) => ({
    dataType,
    dims: [batch, ...inner],
    data: data.subarray(i * size, (i + 1) * size),
  }));
}
