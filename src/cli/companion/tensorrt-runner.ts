import { basename, join } from 'node:path';
import { ARTEFACT_ENDINGS } from '../../core/engine/build-manifest.ts';
import { Refusal } from '../command.ts';
import type { Backend, BuildSettings } from '../trt/backend.ts';
import { openBuildInput } from '../trt/build-input.ts';
import { buildModel } from '../trt/build-model.ts';
import { findBackend } from '../trt/find-backend.ts';
import type { Wish } from '../trt/find-backend.ts';
import { localRunner } from '../trt/local-runner.ts';
import type { BuildEnd, BuildRunner, BuildWatch, BuildWish, RunnerFacts } from './build-runner.ts';

export interface TensorrtRunnerOptions {
  /** What the user said about what is to build. */
  readonly wish: Wish;
  /** What every build keeps to; mode, shapes and workspace come with each. */
  readonly settings: BuildSettings;
  /** `qdq-lab 0.1.0`. */
  readonly producer: string;
  /** Told what is worth a line and stops nothing. */
  readonly onNote: (text: string) => void;
}

/** Builds as `qdq-lab build` does, with the TensorRT of this machine. */
export class TensorrtRunner implements BuildRunner {
  private readonly options: TensorrtRunnerOptions;
  private backend: Backend | null = null;

  constructor(options: TensorrtRunnerOptions) {
    this.options = options;
  }

  async describe(): Promise<RunnerFacts> {
    try {
      this.backend = await findBackend(localRunner, this.options.wish);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { backends: [], gpu: null, problem: error.diagnostic };
    }
    const { backend: id, trtVersion, gpu } = this.backend.found;
    return { backends: [{ id, trtVersion, problem: null }], gpu, problem: null };
  }

  async build(wish: BuildWish, watch: BuildWatch): Promise<BuildEnd> {
    if (this.backend === null) {
      const { problem } = await this.describe();
      if (problem !== null) return { outcome: 'failed', problem, artefacts: {} };
    }
    try {
      return await this.buildWith(this.backend!, wish, watch);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { outcome: 'failed', problem: error.diagnostic, artefacts: {} };
    }
  }

  private async buildWith(
    backend: Backend,
    wish: BuildWish,
    { signal, onProgress }: BuildWatch,
  ): Promise<BuildEnd> {
    const { producer, onNote } = this.options;
    const input = await openBuildInput(wish.modelPath);
    try {
      const stem = `${stemOf(wish.modelPath)}.${wish.mode}`;
      const job = {
        ...{ input, stem, folder: wish.outFolder, target: undefined, producer },
        timingCache: join(wish.sharedFolder, 'timing.cache'),
        settings: this.settingsOf(wish),
      };
      const { manifest, problem } = await buildModel(job, backend, {
        signal,
        onNote,
        onProgress: (step, fraction) => {
          onProgress({ step, fraction });
        },
      });
      const { outcome, artefacts } = manifest;
      const own = { manifest: `${stem}${ARTEFACT_ENDINGS.manifest}` };
      return {
        outcome,
        problem,
        artefacts: outcome === 'cancelled' ? {} : { ...artefacts, ...own },
      };
    } finally {
      await input.close();
    }
  }

  private settingsOf({ mode, options }: BuildWish): BuildSettings {
    const { settings } = this.options;
    const { shapes = {}, workspaceMb = settings.workspaceMb } = options;
    const ranges = Object.entries(shapes).map(
      ([name, dims]) => [name, [dims, dims, dims]] as const,
    );
    return { ...settings, mode, workspaceMb, shapes: Object.fromEntries(ranges) };
  }
}

/** As the verb `build` names its files. */
const stemOf = (path: string): string =>
  basename(path)
    .replace(/\.onnx$/i, '')
    .replaceAll(' ', '-');
