import * as Comlink from 'comlink';
import type { ModelId, ModelSummary, Progress } from '../../api/analyze-api.ts';
import type { SteppedSource } from '../../api/calibrate-api.ts';
import type { LabApi, Rewritten, Step } from '../../api/rewrite-api.ts';
import { modelNotOpen } from '../../core/base/diagnostics.ts';
import { fail, ok } from '../../core/base/result.ts';
import type { Result } from '../../core/base/result.ts';
import type { Target } from '../../core/sim/target.ts';
import { WorkerQueue } from './worker-queue.ts';
import type { WorkerLike } from './worker-queue.ts';

export interface CallOptions {
  /** Stops the call by ending the worker; models are opened again from their files when they are next needed. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** Steps from a model to another one, and what the passes among them work for. */
export interface Derivation {
  readonly parent: ModelId;
  readonly steps: readonly Step[];
  readonly target: Target;
}

export type Api = Comlink.Remote<LabApi>;
type OnProgress = ((progress: Progress) => void) | undefined;
/** How a model comes to be: from files, or by steps from another model. */
type Recipe = { readonly files: readonly File[] } | Derivation;

/** So many models that others were made into stay in the worker's memory; the rest is made again when it is needed. */
const LIVE_DERIVED = 12;

const startWorker = (): WorkerLike =>
  new Worker(new URL('../../../workers/analyze.worker.ts', import.meta.url), { type: 'module' });

/** The page's end of the worker. Ids of models stay good when the worker is ended and started again. */
export class WorkerClient {
  private readonly queue: WorkerQueue<LabApi>;
  private readonly recipes = new Map<ModelId, Recipe>();
  /** What the worker of now calls each model, longest unused first; empty after a restart. */
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
      const id = this.remember({ files }, opened.value.id);
      return ok({ ...opened.value, id });
    }, options.signal);
  }

  /** Makes another model of an open one; the steps are kept, so that it can be made again. */
  derive(derivation: Derivation, options: CallOptions = {}): Promise<Result<Rewritten>> {
    return this.queue.call(async (api) => {
      const onProgress = proxied(options);
      const parent = await this.known(api, derivation.parent, onProgress);
      if (!parent.ok) return parent;
      const { steps, target } = derivation;
      const made = await api.rewrite(parent.value, steps, target, onProgress);
      if (!made.ok) return made;
      const id = this.remember(derivation, made.value.summary.id);
      await this.forgetOldest(api);
      return ok({ ...made.value, summary: { ...made.value.summary, id } });
    }, options.signal);
  }

  /** Asks about an open model: `client.ask(id, (api, id, progress) => api.predict(id, target, progress), options)`. */
  ask<T>(
    id: ModelId,
    job: (api: Api, id: ModelId, onProgress: OnProgress) => Promise<Result<T>>,
    options: CallOptions = {},
  ): Promise<Result<T>> {
    return this.queue.call(async (api) => {
      const onProgress = proxied(options);
      const known = await this.known(api, id, onProgress);
      return known.ok ? job(api, known.value, onProgress) : known;
    }, options.signal);
  }

  /** Asks about two open models. */
  askBoth<T>(
    first: ModelId,
    second: ModelId,
    job: (api: Api, first: ModelId, second: ModelId) => Promise<Result<T>>,
  ): Promise<Result<T>> {
    return this.queue.call(async (api) => {
      const one = await this.known(api, first, undefined);
      if (!one.ok) return one;
      const other = await this.known(api, second, undefined);
      if (!other.ok) return other;
      return job(api, one.value, other.value);
    });
  }

  /** Files and steps that a model comes of; undefined for one that is closed. */
  sourceOf(id: ModelId): SteppedSource | undefined {
    const recipe = this.recipes.get(id);
    if (recipe === undefined) return undefined;
    if ('files' in recipe) return { files: recipe.files, made: [] };
    const parent = this.sourceOf(recipe.parent);
    const { steps, target } = recipe;
    return parent && { ...parent, made: [...parent.made, { steps, target }] };
  }

  /** Runs a job that needs no model: `client.call(async (api) => ok(await api.rules()))`. */
  call<T>(job: (api: Api) => Promise<Result<T>>, signal?: AbortSignal): Promise<Result<T>> {
    return this.queue.call(job, signal);
  }

  /** Forgets a model and frees its memory. */
  async close(id: ModelId): Promise<void> {
    const known = this.current.get(id);
    this.recipes.delete(id);
    this.current.delete(id);
    if (known !== undefined)
      await this.call(async (api) => {
        await api.close(known);
        return ok(undefined);
      });
  }

  private remember(recipe: Recipe, inner: ModelId): ModelId {
    const id = crypto.randomUUID() as string as ModelId;
    this.recipes.set(id, recipe);
    this.current.set(id, inner);
    return id;
  }

  /** What the worker calls a model, which is opened or made again where the worker of now does not have it. */
  private async known(api: Api, id: ModelId, onProgress: OnProgress): Promise<Result<ModelId>> {
    const recipe = this.recipes.get(id);
    if (recipe === undefined) return fail(modelNotOpen());
    const inner = this.current.get(id) ?? (await this.remake(api, recipe, onProgress));
    if (typeof inner === 'object') return inner;
    this.current.delete(id);
    this.current.set(id, inner);
    return ok(inner);
  }

  private async remake(
    api: Api,
    recipe: Recipe,
    onProgress: OnProgress,
  ): Promise<ModelId | Result<never>> {
    if ('files' in recipe) {
      const opened = await api.open(recipe.files, onProgress);
      return opened.ok ? opened.value.id : opened;
    }
    const parent = await this.known(api, recipe.parent, onProgress);
    if (!parent.ok) return parent;
    const made = await api.rewrite(parent.value, recipe.steps, recipe.target, onProgress);
    return made.ok ? made.value.summary.id : made;
  }

  private async forgetOldest(api: Api): Promise<void> {
    const derived = [...this.current].filter(([id]) => 'parent' in (this.recipes.get(id) ?? {}));
    for (const [id, inner] of derived.slice(0, Math.max(0, derived.length - LIVE_DERIVED))) {
      this.current.delete(id);
      await api.close(inner);
    }
  }
}

/** Functions cannot be cloned: comlink sends a port instead. */
const proxied = ({ onProgress }: CallOptions): OnProgress =>
  onProgress && Comlink.proxy(onProgress);
