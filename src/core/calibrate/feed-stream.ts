import { cancelled } from '../base/diagnostics.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { Feeds } from '../inputs/run-tensor.ts';

/**
 * Batches, one after the other, made when they are asked for; a batch that cannot be made is a failure. Where data is walked
 * several times it has to start anew each time: an object with `[Symbol.asyncIterator]`, not a running generator.
 */
export type FeedStream = AsyncIterable<Feeds | Result<Feeds>>;

/** Resolves when `signal` fires; `stop` forgets about it. */
function onAbort(signal: AbortSignal | undefined): {
  readonly fired: Promise<'aborted'>;
  readonly stop: () => void;
} {
  let stop = (): void => undefined;
  const fired = new Promise<'aborted'>((resolve) => {
    const listener = (): void => {
      resolve('aborted');
    };
    signal?.addEventListener('abort', listener);
    stop = () => signal?.removeEventListener('abort', listener);
  });
  return { fired, stop };
}

/** The batches of `feeds`. Ends with `base/cancelled` as soon as `signal` fires, even while a batch is being made. */
export async function* readFeeds(
  feeds: FeedStream,
  signal?: AbortSignal,
): AsyncGenerator<Result<Feeds>, void, undefined> {
  const iterator = feeds[Symbol.asyncIterator]();
  const { fired, stop } = onAbort(signal);
  let state: 'open' | 'done' | 'aborted' = 'open';
  try {
    while (signal?.aborted !== true) {
      const next = await Promise.race([iterator.next(), fired]);
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
    stop();
    // A generator answers only when the batch it is making is ready, for which nobody waits after an abort; nor is there
    // anybody left to whom a failure of that batch could be told.
    const closing = state === 'done' ? undefined : iterator.return?.();
    if (state === 'aborted') closing?.catch(() => undefined);
    else await closing;
  }
}
