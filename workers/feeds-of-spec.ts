import type { FeedsSpec, FilesSpec } from '../src/api/numbers-api.ts';
import { readFailed } from '../src/core/base/diagnostics.ts';
import { filesMixed, noInputs } from '../src/core/base/diagnostics/inputs.ts';
import { fail, ok } from '../src/core/base/result.ts';
import type { Result } from '../src/core/base/result.ts';
import { arrayFeeds } from '../src/core/inputs/array-feeds.ts';
import { madeFeeds } from '../src/core/inputs/feed-sources.ts';
import type { FeedSequence } from '../src/core/inputs/feed-sources.ts';
import { imageFeeds } from '../src/core/inputs/image-feeds.ts';
import { readNpy } from '../src/core/inputs/npy.ts';
import { readNpz } from '../src/core/inputs/npz.ts';
import type { Pixels } from '../src/core/inputs/preprocess-image.ts';
import { randomFeeds } from '../src/core/inputs/random-feeds.ts';
import { isRawName, rawInput } from '../src/core/inputs/raw-input.ts';
import type { RunTensor } from '../src/core/inputs/run-tensor.ts';
import type { Graph } from '../src/core/ir/graph.ts';

/** Decodes an image file; a browser does it otherwise than a test. */
export type ReadImage = (file: File) => Promise<Result<Pixels>>;

/** The feeds for `graph` that the page asks for. Files are read when their turn comes. */
export function feedsOfSpec(
  spec: FeedsSpec,
  graph: Graph,
  readImage: ReadImage,
): Result<FeedSequence> {
  if (spec.kind === 'files') return fileFeeds(spec, graph, readImage);
  const made = randomFeeds(graph, spec);
  return made.ok ? ok(madeFeeds(made.value, spec.samples)) : made;
}

function fileFeeds(spec: FilesSpec, graph: Graph, readImage: ReadImage): Result<FeedSequence> {
  const arrays = spec.files.filter(({ name }) => /\.np[yz]$/i.test(name) || isRawName(name));
  const images = spec.files.filter((file) => !arrays.includes(file));
  const [image] = images;
  const [array] = arrays;
  if (image && array) return fail(filesMixed(image.name, array.name));
  if (array)
    return ok(
      arrayFeeds(
        graph,
        arrays.map((file) => ({ name: file.name, read: () => readArrays(file, graph, spec.dims) })),
        spec.dims,
      ),
    );
  if (!image) return fail(noInputs('the selection'));
  return imageFeeds(
    graph,
    images.map((file) => ({ name: file.name, read: () => readImage(file) })),
    spec,
  );
}

async function readArrays(
  file: File,
  graph: Graph,
  dims: FilesSpec['dims'],
): Promise<Result<ReadonlyMap<string, RunTensor>>> {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    return fail(readFailed(file.name, error instanceof Error ? error.message : String(error)));
  }
  if (isRawName(file.name)) return rawInput(graph, file.name, bytes, dims);
  if (/\.npz$/i.test(file.name)) return readNpz(file.name, bytes);
  const array = readNpy(file.name, bytes);
  const name = file.name.slice(0, -'.npy'.length);
  return array.ok ? ok(new Map([[name, array.value]])) : array;
}
