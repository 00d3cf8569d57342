import type {
  BackendFacts,
  BuildOptions,
  BuildProgress,
  GpuFacts,
} from '../../api/companion-api.ts';
import type { Diagnostic } from '../../core/base/diagnostic.ts';
import type { Artefact, BuildOutcome } from '../../core/engine/build-manifest.ts';
import type { BuildMode } from '../../core/sim/target.ts';

/** What builds here. */
export interface RunnerFacts {
  /** The one that builds first. */
  readonly backends: readonly BackendFacts[];
  readonly gpu: GpuFacts | null;
  /** Why nothing can be built; null where something can. */
  readonly problem: Diagnostic | null;
}

/** One build, of a model that has been checked. */
export interface BuildWish {
  /** Absolute path; external data lies beside it. */
  readonly modelPath: string;
  /** Where all files of the build go. It exists. */
  readonly outFolder: string;
  /** For what builds share: the times of kernels. It exists. */
  readonly sharedFolder: string;
  readonly mode: BuildMode;
  readonly options: BuildOptions;
}

/** How a build ended. */
export interface BuildEnd {
  readonly outcome: BuildOutcome;
  /** Null where it is built. */
  readonly problem: Diagnostic | null;
  /** Names of files in the out folder. */
  readonly artefacts: Readonly<Partial<Record<Artefact, string>>>;
}

/** How a runner is told to stop, and tells how far it is. */
export interface BuildWatch {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: BuildProgress) => void;
}

/** Builds engines, one at a time. */
export interface BuildRunner {
  /** Looks for TensorRT and GPU; may take seconds. */
  describe(): Promise<RunnerFacts>;
  /** Settles only once every process of the build is gone, also when it was aborted. Rejects on defects only. */
  build(wish: BuildWish, watch: BuildWatch): Promise<BuildEnd>;
}
