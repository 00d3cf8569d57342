import type { CompanionEvent, CompanionStatus, JobEnd, JobView } from '../../api/companion-api.ts';
import type { Diagnostic } from '../../core/base/diagnostic.ts';
import { modelNotOpen } from '../../core/base/diagnostics.ts';
import { builtWithoutLayers } from '../../core/base/diagnostics/companion.ts';
import type { Result } from '../../core/base/result.ts';
import { fail, ok } from '../../core/base/result.ts';
import type { Artefact } from '../../core/engine/build-manifest.ts';
import type { AppState } from '../state/app-state.ts';
import type { CompanionJob, CompanionRequest, CompanionState } from '../state/companion-state.ts';
import { INITIAL_COMPANION } from '../state/companion-state.ts';
import {
  buildObstacle,
  modeOfWish,
  safeModelName,
  shapesOfWish,
} from '../state/companion-words.ts';
import { countText, sizeText } from '../state/format-text.ts';
import { canUndo, exportName } from '../state/history.ts';
import { LOADING, loadableOf, valueOf } from '../state/loadable.ts';
import type { Store } from '../state/store.ts';
import { CompanionClient } from './companion-client.ts';
import { companionToken } from './companion-token.ts';
import type { SaveFile } from './export-session.ts';
import { download } from './export-session.ts';
import type { WorkerClient } from './worker-client.ts';

type Client = Pick<WorkerClient, 'ask' | 'sourceOf'>;
/** Shows built engines, as if their files had been dropped on the page. */
export type OpenEngineFiles = (files: readonly File[]) => Promise<void>;

/** What else of the page it works with. */
export interface CompanionSurroundings {
  readonly client: Client;
  readonly openEngineFiles: OpenEngineFiles;
  readonly companion?: CompanionClient;
  readonly save?: SaveFile;
}

/** What tells of an engine; the engine itself only TensorRT can read. */
const SHOWN: readonly Artefact[] = ['layers', 'profile', 'times', 'log', 'manifest'];
/** Where the job of this tab is remembered, so that a reload finds it again. */
const JOB_KEY = 'qdq-lab-companion-job';

interface ModelFile {
  readonly name: string;
  readonly content: Blob;
}

/** Has the model on show built by the server that the page came from, and shows the engine. */
export class CompanionSession {
  private readonly store: Store<AppState>;
  private readonly client: Client;
  private readonly openEngineFiles: OpenEngineFiles;
  private readonly companion: CompanionClient;
  private readonly save: SaveFile;
  private abort = new AbortController();

  constructor(store: Store<AppState>, surroundings: CompanionSurroundings) {
    this.store = store;
    this.client = surroundings.client;
    this.openEngineFiles = surroundings.openEngineFiles;
    this.companion = surroundings.companion ?? new CompanionClient();
    this.save = surroundings.save ?? download;
  }

  /** Does what the dialog asks for. */
  async obey(request: CompanionRequest): Promise<void> {
    switch (request.do) {
      case 'open':
        this.update({ shown: true });
        return this.look();
      case 'close':
        this.update({ shown: false });
        return;
      case 'look':
        return this.look();
      case 'wish':
        this.update({ wish: { ...this.state.wish, ...request.patch } });
        return;
      case 'start':
        return this.build();
      case 'cancel':
        return this.cancel();
      case 'again':
        rememberJob('');
        this.update({ job: null });
        return this.look();
      case 'save':
        return this.saveArtefact(request.kind);
    }
  }

  private get state(): CompanionState {
    return this.store.state.companion ?? INITIAL_COMPANION;
  }

  private update(patch: Partial<CompanionState>): void {
    this.store.update({ companion: { ...this.state, ...patch } });
  }

  private patchJob(patch: Partial<CompanionJob>): void {
    const { job } = this.state;
    if (job !== null) this.update({ job: { ...job, ...patch } });
  }

  /** Asks what builds here. Without a token nothing is asked of anyone. */
  private async look(): Promise<void> {
    const hasToken = companionToken() !== null;
    if (!hasToken) {
      this.update({ hasToken });
      return;
    }
    const known = valueOf(this.state.status);
    this.update({ hasToken, ...(known === undefined && { status: LOADING }) });
    const status = await this.companion.status();
    this.update({ status: loadableOf(status) });
    if (status.ok) await this.takeUp(status.value);
  }

  /** A job of this tab from before a reload goes on to be watched. */
  private async takeUp({ jobs }: CompanionStatus): Promise<void> {
    const view = jobs.find(({ id }) => id === recalledJob());
    if (this.state.job !== null || view === undefined || view.state === 'receiving') return;
    this.abort = new AbortController();
    this.update({ job: { ...jobOf(view.model), id: view.id, step: 'Coming back to the build' } });
    await this.watch(view.id, this.abort.signal);
  }

  private async build(): Promise<void> {
    const status = valueOf(this.state.status);
    const { job } = this.state;
    const { model } = this.store.state;
    if (status === undefined || (job !== null && job.stage !== 'ended')) return;
    if (model === null || buildObstacle(this.state.wish, model.summary) !== '') return;
    this.abort = new AbortController();
    const { signal } = this.abort;
    const name = this.modelName();
    this.update({ job: { ...jobOf(name), step: 'Writing the model' } });
    const sent = await this.submit(name, status, signal);
    if (signal.aborted) {
      if (sent.ok) await this.companion.cancel(sent.value.id);
      return;
    }
    if (sent.ok) await this.watch(sent.value.id, signal);
    else this.breakOff(sent.error);
  }

  private modelName(): string {
    const { model, lab } = this.store.state;
    const fileName = model?.summary.fileName ?? '';
    return safeModelName(canUndo(lab.history) ? exportName(fileName) : fileName);
  }

  private async submit(
    name: string,
    status: CompanionStatus,
    signal: AbortSignal,
  ): Promise<Result<JobView>> {
    const { model, target } = this.store.state;
    const { wish } = this.state;
    const files = await this.modelFiles(name);
    if (!files.ok || model === null) return files.ok ? fail(modelNotOpen()) : files;
    const shapes = shapesOfWish(wish, model.summary);
    const request = {
      files: files.value.map((file) => ({ name: file.name, sizeBytes: file.content.size })),
      mode: modeOfWish(wish, target, status),
      options: {
        ...(wish.workspaceMb !== null && { workspaceMb: wish.workspaceMb }),
        ...(Object.keys(shapes).length > 0 && { shapes }),
      },
    };
    const job = await this.companion.announce(request, signal);
    if (!job.ok) return job;
    const { id } = job.value;
    rememberJob(id);
    this.patchJob({ id });
    const sent = await this.sendAll(id, files.value, signal);
    return sent.ok ? this.companion.start(id) : sent;
  }

  /** The model as it is on show, its changes made, and the data files that it was opened with. */
  private async modelFiles(name: string): Promise<Result<readonly ModelFile[]>> {
    const { model } = this.store.state;
    if (model === null) return fail(modelNotOpen());
    const { id, fileName } = model.summary;
    const saved = await this.client.ask(id, (api, own) => api.save(own));
    if (!saved.ok) return saved;
    const { files = [] } = this.client.sourceOf(id) ?? {};
    const original = files.find((file) => file.name === fileName) ?? files[0];
    const data = files
      .filter((file) => file !== original && !file.name.startsWith('.'))
      .map((file) => ({ name: file.name, content: file }));
    return ok([{ name, content: saved.value }, ...data]);
  }

  private async sendAll(
    id: string,
    files: readonly ModelFile[],
    signal: AbortSignal,
  ): Promise<Result<void>> {
    const total = files.reduce((sum, { content }) => sum + content.size, 0);
    let before = 0;
    for (const [index, { name, content }] of files.entries()) {
      const onProgress = (bytes: number): void => {
        const step = `Sending ${name}, ${sizeText(total)} in all`;
        this.patchJob({ step, fraction: Math.min(1, (before + bytes) / Math.max(1, total)) });
      };
      onProgress(0);
      const sent = await this.companion.send(id, index, content, { signal, onProgress });
      if (!sent.ok) return sent;
      before += content.size;
    }
    return ok(undefined);
  }

  private async watch(id: string, signal: AbortSignal): Promise<void> {
    let end: JobEnd | undefined;
    const onEvent = (event: CompanionEvent): void => {
      if (event.type === 'ended') end = event.end;
      else this.patchJob(stageOf(event));
    };
    const followed = await this.companion.follow(id, onEvent, signal);
    if (!followed.ok && !signal.aborted) this.breakOff(followed.error);
    if (end !== undefined) await this.show(id, end);
  }

  /** Hands what was built to the page, as if it had been dropped there. */
  private async show(id: string, { outcome, problem, artefacts }: JobEnd): Promise<void> {
    this.patchJob({ outcome, problem, files: artefacts });
    if (outcome !== 'built') {
      this.patchJob({ stage: 'ended', step: '' });
      return;
    }
    const wanted = artefacts.filter(({ kind }) => SHOWN.includes(kind));
    this.patchJob({ stage: 'fetching', step: 'Fetching the engine’s layers', fraction: null });
    const files: File[] = [];
    for (const file of wanted) {
      const fetched = await this.companion.artefact(id, file);
      if (!fetched.ok) {
        this.breakOff(fetched.error);
        return;
      }
      files.push(fetched.value);
    }
    const hasLayers = wanted.some(({ kind }) => kind === 'layers');
    this.patchJob({ stage: 'ended', step: '', problem: hasLayers ? null : builtWithoutLayers() });
    if (hasLayers) await this.openEngineFiles(files);
  }

  private async cancel(): Promise<void> {
    const { job } = this.state;
    if (job === null || job.stage === 'ended') return;
    // Once it is with the server, the server says when it is gone.
    if (job.stage === 'building' || job.stage === 'queued') {
      this.patchJob({ step: 'Cancelling', fraction: null });
      const told = job.id === null ? ok(undefined) : await this.companion.cancel(job.id);
      if (!told.ok) this.breakOff(told.error);
      return;
    }
    this.abort.abort();
    this.update({ job: { ...job, stage: 'ended', step: '', outcome: 'cancelled', problem: null } });
    if (job.id !== null) await this.companion.cancel(job.id);
  }

  private async saveArtefact(wanted: Artefact): Promise<void> {
    const { job } = this.state;
    const file = job?.files.find(({ kind }) => kind === wanted);
    const id = job?.id ?? null;
    if (id === null || file === undefined) return;
    const fetched = await this.companion.artefact(id, file);
    if (fetched.ok) this.save(file.name, fetched.value);
    else this.patchJob({ problem: fetched.error });
  }

  private breakOff(problem: Diagnostic): void {
    this.abort.abort();
    this.patchJob({ stage: 'ended', step: '', problem });
  }
}

const jobOf = (model: string): CompanionJob => ({
  ...{ id: null, model, stage: 'sending', step: '', fraction: null, ahead: 0 },
  ...{ outcome: null, problem: null, files: [] },
});

function stageOf(event: Exclude<CompanionEvent, { type: 'ended' }>): Partial<CompanionJob> {
  if (event.type === 'progress')
    return { stage: 'building', step: event.step, fraction: event.fraction, ahead: 0 };
  const { ahead } = event;
  const step = ahead === 0 ? 'Next in the queue' : `Waiting for ${countText(ahead, 'build')}`;
  return { stage: 'queued', step, fraction: null, ahead };
}

function rememberJob(id: string): void {
  try {
    sessionStorage.setItem(JOB_KEY, id);
  } catch {
    // Storage is switched off: a reload then forgets the job, which goes on.
  }
}

function recalledJob(): string | null {
  try {
    return sessionStorage.getItem(JOB_KEY);
  } catch {
    return null; // As above.
  }
}
