import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildProgress } from '../../src/api/companion-api.ts';
import { buildCancelled } from '../../src/cli/companion-diagnostics.ts';
import type {
  BuildEnd,
  BuildRunner,
  BuildWatch,
  BuildWish,
  RunnerFacts,
} from '../../src/cli/companion/build-runner.ts';
import type { Diagnostic } from '../../src/core/base/diagnostic.ts';

/** A build that a test holds in its hand. */
export interface HeldBuild {
  readonly wish: BuildWish;
  readonly signal: AbortSignal;
  report(progress: BuildProgress): void;
  /** Leaves these files in the out folder, and ends as built. */
  succeed(files: Readonly<Record<string, string | Uint8Array>>): Promise<void>;
  refuse(problem: Diagnostic): void;
  throw(error: Error): void;
}

export const FACTS: RunnerFacts = {
  backends: [{ id: 'trtexec', trtVersion: '10.6.0', problem: null }],
  gpu: { name: 'Stand-in GPU', sm: 90, driver: '560.35.05', memoryBytes: 80e9 },
  problem: null,
};

/**
 * In the place of TensorRT: builds nothing, and does what a test tells it. It ends by itself only when it is aborted, as a real
 * one does.
 */
export class StandInRunner implements BuildRunner {
  facts: RunnerFacts = FACTS;
  described = 0;
  readonly builds: HeldBuild[] = [];
  /** Called with each build as it begins. */
  onBuild: (build: HeldBuild) => void = () => undefined;
  private readonly waiting: ((build: HeldBuild) => void)[] = [];

  describe(): Promise<RunnerFacts> {
    this.described++;
    return Promise.resolve(this.facts);
  }

  /** The next build that begins after this call. */
  next(): Promise<HeldBuild> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  build(wish: BuildWish, { signal, onProgress }: BuildWatch): Promise<BuildEnd> {
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => {
        resolve({ outcome: 'cancelled', problem: buildCancelled(), artefacts: {} });
      });
      const build: HeldBuild = {
        wish,
        signal,
        report: onProgress,
        succeed: async (files) => {
          for (const [name, content] of Object.entries(files))
            await writeFile(join(wish.outFolder, name), content);
          const artefacts = Object.fromEntries(
            Object.keys(files).map((name) => [kindOf(name), name]),
          );
          resolve({ outcome: 'built', problem: null, artefacts });
        },
        refuse: (problem) => {
          resolve({ outcome: 'refused', problem, artefacts: {} });
        },
        throw: reject,
      };
      this.builds.push(build);
      this.onBuild(build);
      this.waiting.shift()?.(build);
    });
  }
}

const kindOf = (name: string): string =>
  ({ '.layer.json': 'layers', '.profile.json': 'profile', '.engine': 'engine' })[
    /(?:\.layer|\.profile)?\.\w+$/.exec(name)?.[0] ?? ''
  ] ?? 'log';
