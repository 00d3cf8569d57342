import * as Comlink from 'comlink';
import type { Progress } from '../../api/analyze-api.ts';
import type { ReportKind, ValidationReport, ValidationRequest } from '../../api/validate-api.ts';
import { modelNotOpen } from '../../core/base/diagnostics.ts';
import { fail } from '../../core/base/result.ts';
import type { Result } from '../../core/base/result.ts';
import type { AppState } from '../state/app-state.ts';
import type { Store } from '../state/store.ts';
import type { ValidationState, ValidationWish } from '../state/validation-state.ts';
import { feedsOfWish, followable, followsEngine, inputsText } from '../state/validation-wish.ts';
import type { SaveFile } from './export-session.ts';
import { download } from './export-session.ts';
import type { MortalWorker, NumbersSurface } from './numbers-worker.ts';
import { ENDED, startNumbersWorker } from './numbers-worker.ts';
import type { WorkerClient } from './worker-client.ts';
import { WorkerQueue } from './worker-queue.ts';

type Client = Pick<WorkerClient, 'sourceOf'>;
type Job<T> = (
  api: Comlink.Remote<NumbersSurface>,
  report: (progress: Progress) => void,
) => Promise<Result<T>>;

/** More threads than this gain nothing for networks of the size that pages open. */
const MOST_THREADS = 4;
const TYPES: Readonly<Record<ReportKind, string>> = {
  html: 'text/html',
  json: 'application/json',
  csv: 'text/csv',
};

/**
 * Proves in a worker what the steps of the page did to the numbers. Each run has a worker of its own: cancelling ends it at
 * once, and its end gives all memory back, which WebAssembly otherwise keeps.
 */
export class ValidateSession {
  private readonly store: Store<AppState>;
  private readonly client: Client;
  private readonly startWorker: () => MortalWorker;
  private readonly save: SaveFile;
  private abort = new AbortController();

  constructor(
    store: Store<AppState>,
    client: Client,
    startWorker: () => MortalWorker = startNumbersWorker,
    save: SaveFile = download,
  ) {
    this.store = store;
    this.client = client;
    this.startWorker = startWorker;
    this.save = save;
    store.subscribe(({ model, lab }, previous) => {
      // Another file: what was found about the last one is not about this.
      const { original } = lab.history ?? {};
      if (model !== null && original?.id !== previous.lab.history?.original.id) {
        this.cancel();
        this.update({ shown: null, problem: null, chosen: null, painted: false, wish: null });
      }
    });
  }

  /** Runs what the dialog asks for, and shows the report in the drawer. */
  async run(): Promise<void> {
    const { model, validation, lab } = this.store.state;
    const { wish } = validation;
    if (model === null || wish === null || validation.job !== null) return;
    const request = this.request(wish);
    if (!request.ok) {
      this.update({ problem: request.error });
      return;
    }
    this.abort = new AbortController();
    const { signal } = this.abort;
    this.update({ job: { step: 'Starting' }, problem: null });
    let done = await this.validate(request.value, signal);
    if (!done.ok && isExhausted(done) && !signal.aborted) {
      this.report({ step: 'Memory ran out: starting again with half of it' });
      done = await this.validate({ ...request.value, sparing: true }, signal);
    }
    if (signal.aborted || lab.history?.original !== this.store.state.lab.history?.original) return;
    if (done.ok) this.show(done.value, request.value, model.summary.id);
    else this.update({ job: null, problem: done.error });
  }

  /** Ends the run under way, at once. */
  cancel(): void {
    this.abort.abort();
    if (this.store.state.validation.job !== null) this.update({ job: null });
  }

  /** Saves the report on show as a file. */
  async export(kind: ReportKind): Promise<void> {
    const { shown } = this.store.state.validation;
    if (shown === null) return;
    const text = await this.inWorker((api) => api.write(shown.report, kind));
    if (!text.ok) {
      this.store.update({ problem: text.error });
      return;
    }
    const stem = shown.report.after.replace(/\.onnx.*$/i, '').replace(/[^\w.-]+/g, '-');
    this.save(`${stem}.validation.${kind}`, new Blob([text.value], { type: TYPES[kind] }));
  }

  private show(
    report: ValidationReport,
    request: ValidationRequest,
    of: NonNullable<AppState['model']>['summary']['id'],
  ): void {
    const list = request.equivalence ? 'tensors' : request.float ? 'layers' : 'engine';
    const { state } = this.store;
    this.store.update({
      layout: { ...state.layout, drawerOpen: true, drawerTab: 'validation', place: 'drawer' },
      validation: {
        ...state.validation,
        ...{ job: null, wish: null, problem: null, chosen: null, list },
        shown: { report, of },
      },
    });
  }

  private request(wish: ValidationWish): Result<ValidationRequest> {
    const { model, lab, target, prediction } = this.store.state;
    const source = model === null ? undefined : this.client.sourceOf(model.summary.id);
    if (model === null || source === undefined) return fail(modelNotOpen());
    const { fileName, quantizeCount } = model.summary;
    const done = lab.history?.done ?? 0;
    const threads = crossOriginIsolated ? Math.min(MOST_THREADS, navigator.hardwareConcurrency) : 1;
    return {
      ok: true,
      value: {
        files: source.files,
        before: [],
        after: source.made,
        equivalence: wish.equivalence && source.made.length > 0,
        float: wish.float && quantizeCount > 0,
        ...(followsEngine(wish, followable(prediction?.engine ?? null)) && { engine: target }),
        feeds: feedsOfWish(wish),
        ...(wish.leastDb !== null && { tolerance: { sqnrDb: wish.leastDb } }),
        names: {
          before: `${fileName} as opened`,
          after: done === 0 ? fileName : `${fileName} after ${String(done)} steps`,
          inputs: inputsText(wish),
        },
        runtime: { ortFolder: new URL('ort/', document.baseURI).href, threads },
      },
    };
  }

  private validate(
    request: ValidationRequest,
    signal: AbortSignal,
  ): Promise<Result<ValidationReport>> {
    return this.inWorker((api, report) => api.validate(request, Comlink.proxy(report)), signal);
  }

  /** One job in a worker of its own, which ends with it, however it ends. */
  private async inWorker<T>(job: Job<T>, signal?: AbortSignal): Promise<Result<T>> {
    let watch = (): void => undefined;
    const queue = new WorkerQueue<NumbersSurface>(
      () => {
        const mortal = this.startWorker();
        watch = () => {
          mortal.watch();
        };
        return mortal.worker;
      },
      () => undefined,
    );
    const answer = await queue.call(
      (api) =>
        job(api, (progress) => {
          watch();
          if (signal?.aborted !== true) this.report(progress);
        }),
      signal,
    );
    queue.end();
    return answer;
  }

  private report(job: Progress): void {
    if (this.store.state.validation.job !== null) this.update({ job });
  }

  private update(patch: Partial<ValidationState>): void {
    this.store.update({ validation: { ...this.store.state.validation, ...patch } });
  }
}

/** Whether memory was the reason: then less of it may do. */
const isExhausted = (
  done: Result<never> | { readonly ok: false; readonly error: { code: string; message: string } },
): boolean =>
  !done.ok && (done.error.code === 'runtime/out-of-memory' || done.error.message.includes(ENDED));
