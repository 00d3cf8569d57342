import type { NumbersApi } from '../../api/numbers-api.ts';
import type { ValidateApi } from '../../api/validate-api.ts';

/** All that the worker for numbers can do. */
export type NumbersSurface = NumbersApi & ValidateApi;

/** A worker that may end without a word. */
export interface MortalWorker {
  readonly worker: Worker;
  /** To be called once the worker holds the lock of its name: from then on its end is told as an error. */
  watch(): void;
}

/** The code is fetched when numbers are first asked for. */
const start = (name: string): Worker =>
  new Worker(new URL('../../../workers/numbers.worker.ts', import.meta.url), {
    type: 'module',
    name,
  });

/**
 * Starts a worker for numbers. Browsers say nothing when they end a worker for want of memory; but a lock that it held is
 * then free, and whoever waits for it hears so.
 */
export function startNumbersWorker(make: (name: string) => Worker = start): MortalWorker {
  const name = `numbers-${crypto.randomUUID()}`;
  const worker = make(name);
  let watching = false;
  return {
    worker,
    watch: () => {
      if (watching || !('locks' in navigator)) return;
      watching = true;
      void navigator.locks.request(name, () => {
        // Also after an end that was wished for, when nobody listens any more.
        worker.dispatchEvent(new ErrorEvent('error', { message: ENDED }));
      });
    },
  };
}

/** What a worker is said to have done that ended without a word. */
export const ENDED = 'it ended without a word, as happens when memory runs out';
