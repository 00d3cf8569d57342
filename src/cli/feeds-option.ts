import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { noInputs } from '../core/base/diagnostics/inputs.ts';
import { fail, ok } from '../core/base/result.ts';
import type { Result } from '../core/base/result.ts';
import { arrayFeeds } from '../core/inputs/array-feeds.ts';
import { firstFeeds, madeFeeds } from '../core/inputs/feed-sources.ts';
import type { FeedSequence } from '../core/inputs/feed-sources.ts';
import { imageFeeds } from '../core/inputs/image-feeds.ts';
import type { ImageOptions } from '../core/inputs/image-feeds.ts';
import { readNpy } from '../core/inputs/npy.ts';
import { readNpz } from '../core/inputs/npz.ts';
import { CHANNEL_ORDERS, LAYOUTS, PRESET_NAMES, RESIZE_MODES } from '../core/inputs/preprocess.ts';
import type { Preprocess } from '../core/inputs/preprocess.ts';
import { randomFeeds } from '../core/inputs/random-feeds.ts';
import { isRawName, rawInput } from '../core/inputs/raw-input.ts';
import type { RunTensor } from '../core/inputs/run-tensor.ts';
import type { Graph } from '../core/ir/graph.ts';
import { cannotRead, mixedInputs } from './cli-diagnostics.ts';
import { Refusal } from './command.ts';
import type { Arguments, Option } from './command.ts';
import { reasonOf } from './file-byte-source.ts';
import { findInputFiles } from './find-input-files.ts';
import {
  choiceOf,
  integerOf,
  namedRangesOf,
  namedSizesOf,
  sizeOf,
  tripleOf,
} from './option-values.ts';
import { readImage } from './read-image.ts';

/** How the data of a verb is written, for its usage and help. */
export const FEEDS_VALUE = 'DATA';
export const FEEDS_SUMMARY =
  'images, .npy, .npz or .raw (file, folder, "pattern*"), or random:SEED';

const SCALES = ['1/255', '1'] as const;
const DISTRIBUTIONS = ['normal', 'uniform'] as const;
const RANDOM_SAMPLES = 8;

/** What says how data becomes inputs, the same for all verbs that run a model. The data itself is an option of the verb. */
export const FEEDS_OPTIONS: readonly Option[] = [
  {
    name: 'samples',
    value: 'N',
    summary: `N images spread over all, or the first N feeds (default all; ${RANDOM_SAMPLES} random)`,
  },
  {
    name: 'dims',
    value: 'NAME=SIZE,…',
    summary: 'sizes of dynamic dimensions; a dynamic batch of images is 1 unless told',
  },
  {
    name: 'preset',
    value: 'PRESET',
    choices: PRESET_NAMES,
    summary: 'preprocessing of images (default imagenet)',
  },
  { name: 'size', value: 'WxH', summary: 'size of images for an input whose size is dynamic' },
  {
    name: 'resize',
    value: 'MODE',
    choices: RESIZE_MODES,
    summary: 'shorter side and cut, stretch exactly, or letterbox',
  },
  { name: 'scale', value: 'FACTOR', choices: SCALES, summary: 'what bytes are multiplied by' },
  { name: 'mean', value: 'R,G,B', summary: 'subtracted after scaling' },
  { name: 'std', value: 'R,G,B', summary: 'divides after that' },
  { name: 'channels', value: 'ORDER', choices: CHANNEL_ORDERS, summary: 'order of the channels' },
  { name: 'layout', value: 'LAYOUT', choices: LAYOUTS, summary: 'where the channels stand' },
  {
    name: 'distribution',
    value: 'KIND',
    choices: DISTRIBUTIONS,
    summary: 'of random floats (default normal)',
  },
  {
    name: 'range',
    value: 'NAME=MIN:MAX,…',
    summary: 'range of random numbers by input, for example of token ids',
  },
];

/**
 * The feeds for `graph` that `source` stands for, with the options of `args`. Nothing but file names is read yet; one batch is
 * in memory at a time. Throws a `Refusal` on options and sources that make no sense for the model; what is wrong with a single
 * file comes out of the sequence.
 */
export async function feedsFrom(
  source: string,
  graph: Graph,
  args: Arguments,
): Promise<FeedSequence> {
  const samples = integerOf(args, 'samples', 1);
  const dims = namedSizesOf(args, 'dims') ?? {};
  const random = /^random(?::(\d+))?$/.exec(source);
  if (random) {
    const made = randomFeeds(graph, {
      ...{ seed: Number(random[1] ?? 0), samples: samples ?? RANDOM_SAMPLES, dims },
      distribution: choiceOf(args, 'distribution', DISTRIBUTIONS) ?? 'normal',
      ranges: namedRangesOf(args, 'range') ?? {},
    });
    return madeFeeds(valueOf(made), samples ?? RANDOM_SAMPLES);
  }
  const files = await findInputFiles(source);
  const images = files.filter((file) => /\.(png|jpe?g)$/i.test(file));
  const arrays = files.filter((file) => /\.np[yz]$/i.test(file) || isRawName(file));
  if (images.length > 0 && arrays.length > 0) throw new Refusal(mixedInputs(source));
  if (images.length + arrays.length === 0) throw new Refusal(noInputs(source));
  if (arrays.length > 0) {
    const sources = arrays.map((name) => ({ name, read: () => readArrays(name, graph, dims) }));
    const all = arrayFeeds(graph, sources, dims);
    return samples === undefined ? all : firstFeeds(all, samples);
  }
  const chosen = spread(images, samples ?? images.length);
  const sources = chosen.map((name) => ({ name, read: () => readImage(name) }));
  return valueOf(imageFeeds(graph, sources, imageOptions(args, dims)));
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Refusal(result.error);
  return result.value;
}

/** Folders are sorted by class as a rule: the first ones would all show the same. */
const spread = <T>(all: readonly T[], count: number): readonly T[] =>
  count >= all.length
    ? all
    : Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]!);

async function readArrays(
  file: string,
  graph: Graph,
  dims: Readonly<Record<string, number>>,
): Promise<Result<ReadonlyMap<string, RunTensor>>> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    return fail(cannotRead(file, reasonOf(error)));
  }
  if (isRawName(file)) return rawInput(graph, file, bytes, dims);
  if (/\.npz$/i.test(file)) return readNpz(file, bytes);
  const array = readNpy(file, bytes);
  return array.ok ? ok(new Map([[basename(file).slice(0, -'.npy'.length), array.value]])) : array;
}

function imageOptions(args: Arguments, dims: Readonly<Record<string, number>>): ImageOptions {
  const size = sizeOf(args, 'size');
  const resize = choiceOf(args, 'resize', RESIZE_MODES);
  const channels = choiceOf(args, 'channels', CHANNEL_ORDERS);
  const layout = choiceOf(args, 'layout', LAYOUTS);
  const scale = choiceOf(args, 'scale', SCALES);
  const mean = tripleOf(args, 'mean');
  const std = tripleOf(args, 'std');
  const changes: Partial<Preprocess> = {
    ...size,
    ...(resize && { resize }),
    ...(channels && { channels }),
    ...(layout && { layout }),
    ...(scale && { divideBy: scale === '1' ? 1 : 255 }),
    ...(mean && { mean }),
    ...(std && { std }),
  };
  return { preset: choiceOf(args, 'preset', PRESET_NAMES) ?? 'imagenet', changes, dims };
}
