import type { Diagnostic } from '../../core/base/diagnostic.ts';
import type { BuildManifest, BuildOutcome } from '../../core/engine/build-manifest.ts';
import type { BuildMode } from '../../core/sim/target.ts';
import type { ShapeRanges } from './shape-ranges.ts';

/** What is to be built, whichever backend does it. */
export interface BuildSettings {
  readonly mode: BuildMode;
  /** Dimensions of dynamic inputs by name. */
  readonly shapes: ShapeRanges;
  readonly workspaceMb: number | null;
  /** Kernels timed for a layer, at most. */
  readonly maxTactics: number | null;
  /** Runs that are timed. */
  readonly runs: number;
  readonly keepEngine: boolean;
  readonly timeoutMs: number | null;
}

/** One model to build, in a folder of its own where the files of `OUTPUTS` appear. */
export interface BuildTask {
  /** The model's file, and what its external data is beside it. */
  readonly model: string;
  readonly data: readonly string[];
  readonly folder: string;
  /** Names of what is left there. */
  readonly outputs: Readonly<Record<Output, string>>;
  /** Kernel times shared by builds: read, and added to. */
  readonly timingCache: string;
  readonly settings: BuildSettings;
}

/** What a build leaves in its folder, before it gets the names of artefacts. */
export const OUTPUTS = {
  engine: 'engine.plan',
  layers: 'layers.json',
  profile: 'profile.json',
  times: 'times.json',
  log: 'build.log',
} as const;
export type Output = keyof typeof OUTPUTS;

export type GpuFacts = NonNullable<BuildManifest['gpu']>;

/** What was found to build with. */
export interface FoundTensorrt {
  readonly backend: 'trtexec' | 'python';
  readonly program: string;
  /** `10.6.0`. */
  readonly trtVersion: string | null;
  readonly gpu: GpuFacts | null;
}

export interface BuildHooks {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress: (step: string, fraction: number) => void;
  /** Something worth a line that stops nothing. */
  readonly onNote: (text: string) => void;
}

/** How a build ended, and what it told on the way. */
export interface BackendResult {
  readonly outcome: BuildOutcome;
  /** Null where it was built. */
  readonly problem: Diagnostic | null;
  readonly trtVersion: string | null;
  readonly gpu: GpuFacts | null;
  readonly buildSeconds: number | null;
  readonly engineBytes: number | null;
  readonly latency: BuildManifest['latency'];
}

/** One way to drive TensorRT. */
export interface Backend {
  readonly found: FoundTensorrt;
  /** Null for this machine. */
  readonly host: string | null;
  /** Programs with their arguments as they will be run for a task. Throws a `Refusal` where something cannot be passed on. */
  commands(task: BuildTask): readonly (readonly string[])[];
  /** Builds and times. Never rejects for what TensorRT or the machine does; only a defect of ours throws. */
  build(task: BuildTask, hooks: BuildHooks): Promise<BackendResult>;
}
