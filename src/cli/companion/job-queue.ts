import type { IncomingMessage } from 'node:http';
import { mkdir, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type {
  ArtefactFile,
  JobEnd,
  JobRequest,
  JobView,
  UploadLimits,
} from '../../api/companion-api.ts';
import type { Artefact } from '../../core/engine/build-manifest.ts';
import {
  buildCancelled,
  companionDefect,
  fileTaken,
  noSpace,
  queueFull,
  serverEnding,
  tooLarge,
  unknownJob,
  unknownPath,
  wrongState,
} from '../companion-diagnostics.ts';
import { ApiRefusal } from './api-refusal.ts';
import type { BuildEnd, BuildRunner } from './build-runner.ts';
import { checkModel } from './check-model.ts';
import { Job } from './job.ts';
import type { Patience } from './read-body.ts';
import { receiveFile } from './read-body.ts';

export interface QueueOptions {
  readonly runner: BuildRunner;
  /** Folder of temporary files, ours alone. */
  readonly home: string;
  /** Where builds are kept; else they are forgotten with their job. */
  readonly keepIn?: string | undefined;
  readonly limits: UploadLimits;
  readonly patience: Patience;
  /** Told of every job that begins and ends, in one line. */
  readonly log: (line: string) => void;
  /** After its end a job is kept so long. */
  readonly keepMs: number;
  /** An announced job whose files do not come is given up after so long. */
  readonly awaitMs: number;
}

/** Left on the disk beside what is sent: for the engine, its log, and everybody else. */
const SPARE_BYTES = 256 * 1024 * 1024;
const MOST_ENDED = 16;
const MOST_SWEEP_MS = 5000;

/** The jobs: received, built one after the other, kept for a while. */
export class JobQueue {
  private readonly options: QueueOptions;
  private readonly jobs = new Map<string, Job>();
  private running: Promise<void> | null = null;
  private isClosed = false;
  private readonly sweeper: NodeJS.Timeout;

  constructor(options: QueueOptions) {
    this.options = options;
    const everyMs = Math.min(MOST_SWEEP_MS, options.keepMs, options.awaitMs);
    this.sweeper = setInterval(() => void this.sweep(), everyMs);
    this.sweeper.unref();
  }

  views(): readonly JobView[] {
    return [...this.jobs.values()].map((job) => this.view(job));
  }

  view(job: Job): JobView {
    return job.view(this.aheadOf(job));
  }

  find(id: string): Job {
    const job = this.jobs.get(id);
    if (job === undefined) throw new ApiRefusal(404, unknownJob());
    return job;
  }

  /** Takes a job on whose files are to come. */
  async add(request: JobRequest): Promise<Job> {
    if (this.isClosed) throw new ApiRefusal(503, serverEnding());
    const { limits, home, keepIn } = this.options;
    const job = new Job(request, home, keepIn);
    const open = [...this.jobs.values()].filter(({ state }) => state !== 'ended');
    if (open.length >= limits.jobs) throw new ApiRefusal(429, queueFull(open.length));
    const sum = open.reduce((bytes, { sizeBytes }) => bytes + sizeBytes, job.sizeBytes);
    if (sum > limits.bytes)
      throw new ApiRefusal(413, tooLarge(`${String(limits.bytes)} bytes for all jobs together`));
    this.jobs.set(job.id, job);
    try {
      const { bavail, bsize } = await statfs(home);
      if (bavail * bsize < job.sizeBytes + SPARE_BYTES) throw new ApiRefusal(507, noSpace());
      await mkdir(job.modelFolder, { recursive: true, mode: 0o700 });
    } catch (error) {
      this.jobs.delete(job.id);
      throw error;
    }
    return job;
  }

  /** Takes the bytes of one of a job's files. */
  async receive(job: Job, index: number, request: IncomingMessage): Promise<void> {
    const file = job.request.files[index];
    if (file === undefined) throw new ApiRefusal(404, unknownPath());
    if (job.state !== 'receiving') throw new ApiRefusal(409, wrongState('takes no more files'));
    if (job.files[index] !== 'awaited') throw new ApiRefusal(409, fileTaken());
    job.files[index] = 'arriving';
    try {
      const path = join(job.modelFolder, file.name);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const target = { path, sizeBytes: file.sizeBytes, signal: job.abort.signal };
      await receiveFile(request, target, this.options.patience);
      job.files[index] = 'here';
    } catch (error) {
      job.files[index] = 'awaited';
      if (job.abort.signal.aborted) throw new ApiRefusal(409, wrongState('was cancelled'));
      throw error;
    } finally {
      job.touched = performance.now();
    }
  }

  /** Puts a job that is complete into the queue. */
  start(job: Job): void {
    if (job.state !== 'receiving') throw new ApiRefusal(409, wrongState('was started already'));
    if (job.files.some((state) => state !== 'here'))
      throw new ApiRefusal(409, wrongState('still waits for files'));
    job.state = 'queued';
    // Behind those that were started before, not behind those that were announced before.
    this.jobs.delete(job.id);
    this.jobs.set(job.id, job);
    job.events.append({ type: 'queued', ahead: this.aheadOf(job) });
    this.pump();
  }

  /** Stops what is not ended, forgets what is. */
  async cancel(job: Job): Promise<void> {
    if (job.state === 'ended') {
      await this.forget(job);
      return;
    }
    job.abort.abort();
    // A build that runs ends itself, once its processes are gone.
    if (job.state === 'running') return;
    job.finish({ outcome: 'cancelled', problem: buildCancelled(), artefacts: [] });
    await rm(job.modelFolder, { recursive: true, force: true });
    this.tellQueue();
  }

  /** Cancels everything and waits until the build under way is gone. */
  async close(): Promise<void> {
    this.isClosed = true;
    clearInterval(this.sweeper);
    for (const job of this.jobs.values()) if (job.state !== 'ended') await this.cancel(job);
    await this.running;
  }

  private aheadOf(job: Job): number {
    if (job.state !== 'queued') return 0;
    const before = [...this.jobs.values()];
    return before
      .slice(0, before.indexOf(job))
      .filter(({ state }) => state === 'queued' || state === 'running').length;
  }

  private pump(): void {
    if (this.running !== null) return;
    const next = [...this.jobs.values()].find(({ state }) => state === 'queued');
    if (next === undefined) return;
    next.state = 'running';
    this.running = this.run(next).finally(() => {
      this.running = null;
      this.pump();
    });
    this.tellQueue();
  }

  private tellQueue(): void {
    for (const job of this.jobs.values())
      if (job.state === 'queued') job.events.append({ type: 'queued', ahead: this.aheadOf(job) });
  }

  private async run(job: Job): Promise<void> {
    const { log } = this.options;
    log(`${job.model}: building (${job.request.mode})`);
    const start = performance.now();
    const end = await this.built(job);
    await rm(job.modelFolder, { recursive: true, force: true });
    job.finish(end);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    log(`${job.model}: ${end.outcome} after ${seconds} s`);
  }

  private async built(job: Job): Promise<JobEnd> {
    const { request, modelFolder, outFolder, abort } = job;
    const { signal } = abort;
    try {
      job.report({ step: 'Checking the model', fraction: null });
      const names = request.files.map(({ name }) => name);
      const problem = await checkModel(modelFolder, names);
      if (problem !== undefined) return { outcome: 'failed', problem, artefacts: [] };
      if (signal.aborted) return { outcome: 'cancelled', problem: buildCancelled(), artefacts: [] };
      await mkdir(outFolder, { recursive: true, mode: 0o700 });
      const onProgress = job.report.bind(job);
      const { mode, options = {} } = request;
      const sharedFolder = this.options.keepIn ?? this.options.home;
      const modelPath = join(modelFolder, job.model);
      const wish = { modelPath, outFolder, sharedFolder, mode, options };
      const end = await this.options.runner.build(wish, { signal, onProgress });
      return { ...end, artefacts: await filesOf(outFolder, end.artefacts) };
    } catch (error) {
      this.options.log(error instanceof Error ? (error.stack ?? error.message) : String(error));
      return { outcome: 'failed', problem: companionDefect(), artefacts: [] };
    }
  }

  private async forget(job: Job): Promise<void> {
    this.jobs.delete(job.id);
    await rm(job.folder, { recursive: true, force: true });
  }

  /** Forgets what nobody waits for any more. */
  private async sweep(): Promise<void> {
    const now = performance.now();
    const { awaitMs, keepMs } = this.options;
    const jobs = [...this.jobs.values()];
    const ended = jobs.filter(({ state }) => state === 'ended');
    for (const job of jobs)
      if (job.state === 'receiving' && !job.isUnderWay && now - job.touched > awaitMs)
        await this.cancel(job);
    ended.sort((a, b) => b.touched - a.touched);
    for (const [index, job] of ended.entries())
      if (index >= MOST_ENDED || now - job.touched > keepMs) await this.forget(job);
  }
}

/** The files that a build has really left. */
async function filesOf(
  folder: string,
  artefacts: BuildEnd['artefacts'],
): Promise<readonly ArtefactFile[]> {
  const files: ArtefactFile[] = [];
  for (const [kind, name] of Object.entries(artefacts) as [Artefact, string][]) {
    const info = await stat(join(folder, name));
    files.push({ kind, name, sizeBytes: info.size });
  }
  return files;
}
