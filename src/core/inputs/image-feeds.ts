import {
  inputNotImage,
  inputShapeWrong,
  inputsNotMatched,
  inputUnknown,
} from '../base/diagnostics/inputs.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { Graph, Value } from '../ir/graph.ts';
import type { Dim } from '../ir/value.ts';
import { feedSequence } from './feed-sources.ts';
import type { FeedSequence, ImageSource } from './feed-sources.ts';
import { inputDims } from './input-dims.ts';
import type { DimSizes } from './input-dims.ts';
import { presetFor } from './preprocess.ts';
import type { InputSettings, Layout, Preprocess, PresetName } from './preprocess.ts';
import { preprocessImage } from './preprocess-image.ts';
import { RUN_ARRAYS } from './run-arrays.ts';
import type { Feeds, RunTensor } from './run-tensor.ts';

/** How images become feeds. */
export interface ImageOptions {
  readonly preset: PresetName;
  /** What differs from the preset or from what the model's input says. */
  readonly changes?: Partial<Preprocess>;
  /** Sizes of dynamic dimensions; a dynamic batch is 1 unless told. */
  readonly dims?: DimSizes;
}

/** The image input of a model, and what it takes. */
export interface ImageInput {
  readonly name: string;
  readonly batch: number;
  readonly preprocess: Preprocess;
}

/**
 * What the only input of `graph` takes, read off its shape: four dimensions, of which the second or the last is 1 or 3
 * channels. Fails on other inputs, on more than one, and on dynamic sizes that nobody gives.
 */
export function imageInput(graph: Graph, options: ImageOptions): Result<ImageInput> {
  const [input, ...others] = graph.inputs;
  if (input === undefined || others.length > 0)
    return fail(
      inputsNotMatched(
        ['images'],
        graph.inputs.map(({ name }) => name),
      ),
    );
  const { changes = {} } = options;
  const layout = layoutOf(input.shape, changes.layout);
  if (layout === undefined)
    return fail(
      input.shape === undefined ? inputUnknown(input.name) : inputNotImage(input.name, input.shape),
    );
  const known = inputDims(input, { ...impliedSizes(input, layout, changes), ...options.dims });
  if (!known.ok) return known;
  const { dataType } = known.value;
  const [batch = 1, a = 0, b = 0, c = 0] = known.value.dims;
  const [channels, height, width] = layout === 'NCHW' ? [a, b, c] : [c, a, b];
  if (dataType !== 'float32' && dataType !== 'float16' && dataType !== 'uint8')
    return fail(inputNotImage(input.name, known.value.dims));
  const settings: InputSettings = {
    ...{ width: changes.width ?? width, height: changes.height ?? height },
    channels: changes.channels ?? (channels === 1 ? 'GRAY' : 'RGB'),
    ...{ layout, dataType },
  };
  const preprocess: Preprocess = {
    ...presetFor(options.preset, settings),
    ...changes,
    ...settings,
  };
  const depth = settings.channels === 'GRAY' ? 1 : 3;
  const made = [settings.height, settings.width];
  const gives = [batch, ...(layout === 'NCHW' ? [depth, ...made] : [...made, depth])];
  return gives.join() === known.value.dims.join()
    ? ok({ name: input.name, batch, preprocess })
    : fail(inputShapeWrong(input.name, known.value.dims, gives));
}

/** Where the channels of an image input are; undefined when it has none. */
function layoutOf(shape: readonly Dim[] | undefined, wish: Layout | undefined): Layout | undefined {
  if (shape?.length !== 4) return undefined;
  const isChannels = (dim: Dim | undefined): boolean => dim === 1 || dim === 3;
  if (wish !== undefined) return wish;
  if (isChannels(shape[1])) return 'NCHW';
  return isChannels(shape[3]) ? 'NHWC' : undefined;
}

/** A dynamic batch is one image, and dynamic sizes are those that were asked for. */
function impliedSizes(
  { shape = [] }: Value,
  layout: Layout,
  { width, height, channels }: Partial<Preprocess>,
): DimSizes {
  const depth = channels === 'GRAY' ? 1 : 3;
  const sizes = layout === 'NCHW' ? [1, depth, height, width] : [1, height, width, depth];
  const implied: Record<string, number> = {};
  for (const [axis, dim] of shape.entries()) {
    const size = sizes[axis];
    if (typeof dim === 'string' && size !== undefined) implied[dim] = size;
  }
  return implied;
}

/**
 * Feeds out of images: each holds as many as the batch of the model's input takes. Where the last batch is not full, its
 * images are repeated from its first on. Fails at once on a model that takes no images; a file that is none ends the sequence.
 */
export function imageFeeds(
  graph: Graph,
  images: readonly ImageSource[],
  options: ImageOptions,
): Result<FeedSequence> {
  const input = imageInput(graph, options);
  if (!input.ok) return input;
  const { batch } = input.value;
  return ok(
    feedSequence(() => batches(images, input.value), Math.ceil(images.length / Math.max(1, batch))),
  );
}

async function* batches(
  images: readonly ImageSource[],
  { name, batch, preprocess }: ImageInput,
): AsyncGenerator<Result<Feeds>, void, undefined> {
  for (let start = 0; start < images.length; start += batch) {
    const samples: RunTensor[] = [];
    for (const image of images.slice(start, start + batch)) {
      const pixels = await image.read();
      const sample = pixels.ok ? preprocessImage(pixels.value, preprocess) : pixels;
      if (!sample.ok) {
        yield { ok: false, error: { place: { file: image.name }, ...sample.error } };
        return;
      }
      samples.push(sample.value);
    }
    const tensor = stacked(samples, batch, preprocess);
    yield ok(new Map([[name, tensor]]));
  }
}

/** Samples in a row; from the first on again while there are too few. */
function stacked(
  samples: readonly RunTensor[],
  batch: number,
  { dataType }: Preprocess,
): RunTensor {
  const [first, ...more] = samples;
  if (first === undefined || (batch === 1 && more.length === 0))
    return first ?? { dataType, dims: [0], data: new RUN_ARRAYS[dataType](0) };
  const size = first.data.length;
  const data = new RUN_ARRAYS[dataType](size * batch);
  for (let i = 0; i < batch; i++)
    data.set(samples[i % samples.length]!.data as Float32Array, i * size);
  return { dataType, dims: [batch, ...first.dims.slice(1)], data };
}
