import * as Comlink from 'comlink';
import type { AnalyzeApi, ModelId, ModelSummary, Progress } from '../../api/analyze-api.ts';
import { ok } from '../../core/base/result.ts';
import type { Result } from '../../core/base/result.ts';
import { WorkerQueue } from './worker-queue.ts';
import type { WorkerLike } from './worker-queue.ts';

export interface CallOptions {
  /** Stops the call by ending the worker; models are opened again from their files when they are next needed. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

export type Api = Comlink.Remote<AnalyzeApi>;
type OnProgress = ((progress: Progress) => void) | undefined;

const startWorker = (): WorkerLike =>
  new Worker(new URL('../../../workers/analyze.worker.ts', import.meta.url), { type: 'module' });

/** The page's end of the worker. Ids of models stay good when the worker is ended and started again. */
export class WorkerClient {
  private readonly queue: WorkerQueue<AnalyzeApi>;
  private readonly files = new Map<ModelId, readonly File[]>();
  /** What the worker of now calls each model; empty after a restart. */
  private readonly current = new Map<ModelId, ModelId>();

  constructor(start: () => WorkerLike = startWorker) {
    this.queue = new WorkerQueue(start, () => {
      this.current.clear();
    });
  }

  /** Opens a model; its files are kept, so that it can be opened again. */
  open(files: readonly File[], options: CallOptions = {}): Promise<Result<ModelSummary>> {
    return this.queue.call(async (api) => {
      const opened = await api.open(files, proxied(options));
      if (!opened.ok) return opened;
      const id = crypto.randomUUID() as string as ModelId;
      this.files.set(id, files);
      this.current.set(id, opened.value.id);
      return { ok: true, value: { ...opened.value, id } };
    }, options.signal);
  }

  /** Asks about an open model: `client.ask(id, (api, id, progress) => api.predict(id, target, progress), options)`. */
  ask<T>(
    id: ModelId,
    job: (api: Api, id: ModelId, onProgress: OnProgress) => Promise<Result<T>>,
    options: CallOptions = {},
  ): Promise<Result<T>> {
    return this.queue.call(async (api) => {
      const files = this.files.get(id);
      const onProgress = proxied(options);
      if (files !== undefined && !this.current.has(id)) {
        const opened = await api.open(files, onProgress);
        if (!opened.ok) return opened;
        this.current.set(id, opened.value.id);
      }
      return job(api, this.current.get(id) ?? id, onProgress);
    }, options.signal);
  }

  /** Runs a job that needs no model: `client.call(async (api) => ok(await api.rules()))`. */
  call<T>(job: (api: Api) => Promise<Result<T>>, signal?: AbortSignal): Promise<Result<T>> {
    return this.queue.call(job, signal);
  }

  /** Forgets a model and frees its memory. */
  async close(id: ModelId): Promise<void> {
    const known = this.current.get(id);
    this.files.delete(id);
    this.current.delete(id);
    if (known !== undefined)
      await this.call(async (api) => {
        await api.close(known);
        return ok(undefined);
      });
  }
}

/** Functions cannot be cloned: comlink sends a port instead. */
const proxied = ({ onProgress }: CallOptions): OnProgress =>
  onProgress && Comlink.proxy(onProgress);
