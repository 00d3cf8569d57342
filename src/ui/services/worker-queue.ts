import * as Comlink from 'comlink';
import { cancelled, workerStopped } from '../../core/base/diagnostics.ts';
import { fail } from '../../core/base/result.ts';
import type { Result } from '../../core/base/result.ts';

/** What the queue needs of a Worker. */
export type WorkerLike = Comlink.Endpoint & { terminate(): void };

/**
 * One worker that is started at the first call, runs one call after the other, is ended on abort, and is started anew
 * after that or a crash. Calls never reject.
 */
export class WorkerQueue<Surface> {
  private readonly start: () => WorkerLike;
  private readonly onStop: () => void;
  private worker: WorkerLike | null = null;
  private api: Comlink.Remote<Surface> | null = null;
  private last: Promise<unknown> = Promise.resolve();
  /** Answers the call that runs; comlink alone would wait for ever for a worker that is gone. */
  private answer: (result: Result<never>) => void = () => undefined;

  constructor(start: () => WorkerLike, onStop: () => void) {
    this.start = start;
    this.onStop = onStop;
  }

  /** Runs `job` when its turn comes. Aborting before that only takes it out of the queue. */
  call<T>(
    job: (api: Comlink.Remote<Surface>) => Promise<Result<T>>,
    signal?: AbortSignal,
  ): Promise<Result<T>> {
    const turn = this.last.then(() => this.run(job, signal));
    this.last = turn;
    return turn;
  }

  /** Ends the worker; the next call starts another one. */
  end(): void {
    this.stop(fail(cancelled()));
  }

  private async run<T>(
    job: (api: Comlink.Remote<Surface>) => Promise<Result<T>>,
    signal: AbortSignal | undefined,
  ): Promise<Result<T>> {
    if (signal?.aborted) return fail(cancelled());
    const stopped = new Promise<Result<never>>((resolve) => (this.answer = resolve));
    const abort = (): void => this.stop(fail(cancelled()));
    signal?.addEventListener('abort', abort);
    try {
      return await Promise.race([job(this.running()), stopped]);
    } catch (error) {
      this.stop(fail(workerStopped(String(error))));
      return await stopped;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  private running(): Comlink.Remote<Surface> {
    if (this.api !== null) return this.api;
    const worker = this.start();
    worker.addEventListener('error', (event) => {
      const { message } = event as ErrorEvent;
      if (worker === this.worker)
        this.stop(fail(workerStopped(message || 'it could not be started')));
    });
    this.worker = worker;
    return (this.api = Comlink.wrap<Surface>(worker));
  }

  private stop(answer: Result<never>): void {
    this.worker?.terminate();
    this.worker = this.api = null;
    this.onStop();
    this.answer(answer);
  }
}
