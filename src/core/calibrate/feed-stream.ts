import { cancelled } from '../base/diagnostics.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { Feeds } from '../inputs/run-tensor.ts';

/**
 * Batches, one after the other, made when they are asked for; a batch that cannot be made is a failure. Where data is walked
 * several times it has to start anew each time: an object with `[Symbol.asyncIterator]`, not a running generator.
 */
export type FeedStream = AsyncIterable<Feeds | Result<Feeds>>;

/** The batches of `feeds`. Ends with `base/cancelled` as soon as `signal` fires, even while a batch is being made. */
export async function* readFeeds(
  feeds: FeedStream,
  signal?: AbortSignal,
): AsyncGenerator<Result<Feeds>, void, undefined> {
  const iterator = feeds[Symbol.asyncIterator]();
  let wake = (): void => undefined;
  const onAbort = (): void => {
    wake();
  };
  signal?.addEventListener('abort', onAbort);
  let state: 'open' | 'done' | 'aborted' = 'open';
  try {
    while (signal?.aborted !== true) {
      // Not a race against one promise for the whole walk: that would keep every batch alive until the end.
      const next = await new Promise<IteratorResult<Feeds | Result<Feeds>> | 'aborted'>(
        (resolve, reject) => {
          wake = () => {
            resolve('aborted');
          };
          iterator.next().then(resolve, reject);
        },
      );
      if (next === 'aborted') break;
      if (next.done === true) {
        state = 'done';
        return;
      }
      yield 'ok' in next.value ? next.value : ok(next.value);
    }
    state = 'aborted';
    yield fail(cancelled());
  } finally {
    signal?.removeEventListener('abort', onAbort);
    // A generator answers only when the batch it is making is ready, for which nobody waits after an abort; nor is there
    // anybody left to whom a failure of that batch could be told.
    const closing = state === 'done' ? undefined : iterator.return?.();
    if (state === 'aborted') closing?.catch(() => undefined);
    else await closing;
  }
}
