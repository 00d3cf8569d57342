import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { UploadLimits } from '../../api/companion-api.ts';
import { atSuddenEnd } from '../trt/last-resorts.ts';
import { servePage } from '../serve-page.ts';
import type { ConnectionLimits } from '../serve-page.ts';
import type { BuildRunner, RunnerFacts } from './build-runner.ts';
import { API_PREFIX, CompanionApi } from './companion-api.ts';
import { JobQueue } from './job-queue.ts';
import type { Patience } from './read-body.ts';
import { USUAL_PATIENCE } from './read-body.ts';

export interface CompanionOptions {
  /** Folder of the built page. */
  readonly root: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly nextFree?: boolean;
  readonly runner: BuildRunner;
  /** Of qdq-lab. */
  readonly version: string;
  /** Where builds are kept; without it they are forgotten some time after they end. */
  readonly keepIn?: string | undefined;
  readonly log: (line: string) => void;
  readonly limits?: Partial<UploadLimits>;
  readonly connections?: Partial<ConnectionLimits>;
  readonly patience?: Patience;
  readonly heartbeatMs?: number;
  readonly keepMs?: number;
  readonly awaitMs?: number;
  readonly lookAgainMs?: number;
}

export interface Companion {
  /** With the token in its fragment, which no browser sends anywhere. */
  readonly url: string;
  readonly token: string;
  /** What builds here, once it was looked for. */
  readonly facts: Promise<RunnerFacts>;
  /** Ends the build under way and takes all temporary files away. */
  close(): Promise<void>;
}

const LIMITS: UploadLimits = { bytes: 16 * 1024 ** 3, files: 1024, jobs: 8 };
const TOKEN_BYTES = 32;
const HEARTBEAT_MS = 10_000;
const LOOK_AGAIN_MS = 5000;
const KEEP_MS = 30 * 60_000;
const AWAIT_MS = 2 * 60_000;
/** A build that does not end when it is told to keeps the server so long. */
const FAREWELL_MS = 15_000;

/**
 * Serves the page and, on the same origin, the API by which it has models built on this machine. Rejects when the page is not
 * built or no port is free.
 */
export async function startCompanion(options: CompanionOptions): Promise<Companion> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  // Readable by this user alone: `mkdtemp` makes it so.
  const home = await mkdtemp(join(tmpdir(), 'qdq-lab-serve-'));
  const removeHome = (): void => {
    rmSync(home, { recursive: true, force: true });
  };
  const forgetHome = atSuddenEnd(removeHome);
  const limits = { ...LIMITS, ...options.limits };
  const { runner, keepIn, log, version } = options;
  const patience = options.patience ?? USUAL_PATIENCE;
  const keeping = { keepMs: options.keepMs ?? KEEP_MS, awaitMs: options.awaitMs ?? AWAIT_MS };
  const queue = new JobQueue({ runner, home, keepIn, limits, patience, log, ...keeping });
  const heartbeatMs = options.heartbeatMs ?? HEARTBEAT_MS;
  const lookAgainMs = options.lookAgainMs ?? LOOK_AGAIN_MS;
  const api = new CompanionApi({
    ...{ token, version, runner, queue, limits, patience, heartbeatMs, lookAgainMs, log },
  });
  const { root, port, nextFree, connections } = options;
  const clearUp = (): void => {
    removeHome();
    forgetHome();
  };
  try {
    const server = await servePage({
      ...{ root, port, nextFree: nextFree === true, ...(connections && { connections }) },
      api: { prefix: API_PREFIX, answer: api.answer.bind(api) },
    });
    return {
      url: `${server.url}#companion=${token}`,
      token,
      facts: api.lookAround(),
      close: async () => {
        await Promise.race([queue.close(), afterMs(FAREWELL_MS)]);
        await server.close();
        clearUp();
      },
    };
  } catch (error) {
    await queue.close();
    clearUp();
    throw error;
  }
}

const afterMs = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
