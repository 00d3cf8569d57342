import type { Diagnostic } from '../core/base/diagnostic.ts';
import type { Artefact, BuildManifest, BuildOutcome } from '../core/engine/build-manifest.ts';
import type { BuildMode } from '../core/sim/target.ts';

/*
 * What the page and `qdq-lab serve` say to each other: JSON over HTTP below `/companion/`, on the origin that the page came
 * from. Each request carries `Authorization: Bearer TOKEN`; each refusal is a `CompanionError`.
 *
 *   GET    status                     CompanionStatus
 *   POST   jobs                       JobRequest → JobView (201)
 *   PUT    jobs/ID/files/INDEX        the bytes → JobView
 *   POST   jobs/ID/start              JobView
 *   GET    jobs/ID                    JobView
 *   GET    jobs/ID/events             server-sent events: CompanionEvent, resumed by Last-Event-ID
 *   GET    jobs/ID/artefacts/KIND     the file
 *   DELETE jobs/ID                    cancels what is not ended, forgets what is → JobView
 */

/** A way to TensorRT on the machine that the server runs on. */
export interface BackendFacts {
  readonly id: BuildManifest['backend'];
  /** `10.6.0`; null where it is not known before the first build. */
  readonly trtVersion: string | null;
  /** Why it cannot be used; null where it can. */
  readonly problem: string | null;
}

export interface GpuFacts {
  readonly name: string;
  /** Compute capability times ten. */
  readonly sm: number | null;
  readonly driver: string | null;
  readonly memoryBytes: number | null;
}

export interface CompanionStatus {
  /** Of qdq-lab. */
  readonly version: string;
  /** All that were looked for, the one that builds first. */
  readonly backends: readonly BackendFacts[];
  readonly gpu: GpuFacts | null;
  /** Why nothing can be built here; null where something can. */
  readonly problem: Diagnostic | null;
  readonly limits: UploadLimits;
  /** Oldest first, ended ones too until they are forgotten. */
  readonly jobs: readonly JobView[];
}

export interface UploadLimits {
  /** Of all files of all jobs that are not ended. */
  readonly bytes: number;
  /** Of one job. */
  readonly files: number;
  /** That are not ended. */
  readonly jobs: number;
}

/** How to build. What is not given is as `qdq-lab build` takes it. */
export interface BuildOptions {
  /** Memory that tactics may use, in MiB. */
  readonly workspaceMb?: number;
  /** Dimensions by input, for inputs with dynamic ones. */
  readonly shapes?: Readonly<Record<string, readonly number[]>>;
}

export interface JobRequest {
  /** The model first, then its external data files, named as the model names them. */
  readonly files: readonly { readonly name: string; readonly sizeBytes: number }[];
  readonly mode: BuildMode;
  readonly options?: BuildOptions;
}

/** `receiving`: files are still to come, or its start. */
export type JobState = 'receiving' | 'queued' | 'running' | 'ended';

export interface JobView {
  readonly id: string;
  /** File name of the model. */
  readonly model: string;
  readonly state: JobState;
  /** Jobs before it, where it is queued. */
  readonly ahead: number;
  readonly end: JobEnd | null;
}

export interface JobEnd {
  readonly outcome: BuildOutcome;
  /** Why it is not built. */
  readonly problem: Diagnostic | null;
  readonly artefacts: readonly ArtefactFile[];
}

export interface ArtefactFile {
  readonly kind: Artefact;
  readonly name: string;
  readonly sizeBytes: number;
}

/** What a build is at. */
export interface BuildProgress {
  /** In words: `Building the engine`. */
  readonly step: string;
  /** 0 to 1; null where the end is not known. */
  readonly fraction: number | null;
}

/** What a job's stream tells, in order. It closes after `ended`. */
export type CompanionEvent =
  | { readonly type: 'queued'; readonly ahead: number }
  | ({ readonly type: 'progress' } & BuildProgress)
  | { readonly type: 'ended'; readonly end: JobEnd };

/** The body of every refusal. */
export interface CompanionError {
  readonly error: Diagnostic;
}
