import { ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { Pixels } from './preprocess-image.ts';
import type { Feeds, RunTensor } from './run-tensor.ts';

/** A file with numbers, read when its turn comes. */
export interface ArraySource {
  /** File name as the user knows it. */
  readonly name: string;
  /** Its arrays by name; that of a .npy file has the file's base name. */
  read(signal?: AbortSignal): Promise<Result<ReadonlyMap<string, RunTensor>>>;
}

/** An image file, decoded when its turn comes. */
export interface ImageSource {
  readonly name: string;
  read(signal?: AbortSignal): Promise<Result<Pixels>>;
}

/** Feeds one after the other, only one of them in memory. May be walked again, which reads the files again. */
export type FeedSequence = AsyncIterable<Result<Feeds>> & {
  /** Number of feeds, where it is known before anything is read. */
  readonly count?: number;
};

/** A sequence that begins anew with every walk. It ends after the first failure. */
export const feedSequence = (
  make: () => AsyncGenerator<Result<Feeds>, void, undefined>,
  count?: number,
): FeedSequence => ({
  [Symbol.asyncIterator]: make,
  ...(count === undefined ? {} : { count }),
});

/** The first `most` feeds of a sequence. */
export const firstFeeds = (sequence: FeedSequence, most: number): FeedSequence =>
  feedSequence(
    async function* () {
      let left = most;
      if (left <= 0) return;
      for await (const next of sequence) {
        yield next;
        if (--left <= 0) return;
      }
    },
    sequence.count === undefined ? undefined : Math.min(sequence.count, most),
  );

/** Feeds that are made, not read, as a sequence. */
export const madeFeeds = (feeds: Iterable<Feeds>, count: number): FeedSequence =>
  feedSequence(async function* () {
    // A sequence is asynchronous by its type.
    for (const feed of feeds) yield await Promise.resolve(ok(feed));
  }, count);
