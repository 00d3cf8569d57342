import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type {
  BuildProgress,
  JobEnd,
  JobRequest,
  JobState,
  JobView,
} from '../../api/companion-api.ts';
import { EventLog } from './event-log.ts';

/** Progress of one step is told no more often than this. */
const LEAST_MS = 100;

/** Whether a file of the job is still to come, coming, or there. */
export type FileState = 'awaited' | 'arriving' | 'here';

/** One model to be built, from the announcement of its files to the time when its engine is forgotten. */
export class Job {
  /** Nobody can guess it. */
  readonly id = randomBytes(16).toString('hex');
  readonly request: JobRequest;
  readonly events = new EventLog();
  readonly abort = new AbortController();
  readonly files: FileState[];
  /** All that the job has on the disk but, with `--out`, the files of the build. */
  readonly folder: string;
  readonly outFolder: string;
  state: JobState = 'receiving';
  end: JobEnd | null = null;
  /** When something last happened to it, as `performance.now()` tells it. */
  touched = performance.now();
  private progress: BuildProgress | null = null;
  private told = -Infinity;

  constructor(request: JobRequest, home: string, keepIn: string | undefined) {
    this.request = request;
    this.files = request.files.map(() => 'awaited');
    this.folder = join(home, this.id);
    const stem = this.model.replace(/\.onnx$/i, '');
    const when = new Date().toISOString().replace(/[-:]|\..*$/g, '');
    this.outFolder =
      keepIn === undefined
        ? join(this.folder, 'out')
        : join(keepIn, `${stem}-${when}-${this.id.slice(0, 6)}`);
  }

  get model(): string {
    return this.request.files[0]?.name ?? '';
  }

  get modelFolder(): string {
    return join(this.folder, 'model');
  }

  get sizeBytes(): number {
    return this.request.files.reduce((sum, file) => sum + file.sizeBytes, 0);
  }

  get isUnderWay(): boolean {
    return this.files.includes('arriving');
  }

  report(progress: BuildProgress): void {
    const now = performance.now();
    if (this.state !== 'running') return;
    if (progress.step === this.progress?.step && now - this.told < LEAST_MS) return;
    [this.progress, this.told, this.touched] = [progress, now, now];
    this.events.append({ type: 'progress', ...progress });
  }

  finish(end: JobEnd): void {
    this.state = 'ended';
    this.end = end;
    this.touched = performance.now();
    this.events.append({ type: 'ended', end });
  }

  view(ahead: number): JobView {
    const { id, model, state, end } = this;
    return { id, model, state, ahead, end };
  }
}
