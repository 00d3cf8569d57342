import * as Comlink from 'comlink';
import type {
  CalibrateApi,
  CalibrationReport,
  CalibrationRequest,
  FeedsSpec,
} from '../../api/calibrate-api.ts';
import type { Progress } from '../../api/analyze-api.ts';
import type { Diagnostic } from '../../core/base/diagnostic.ts';
import { modelNotOpen } from '../../core/base/diagnostics.ts';
import { fail, ok } from '../../core/base/result.ts';
import type { Result } from '../../core/base/result.ts';
import type { AppState } from '../state/app-state.ts';
import { countText } from '../state/format-text.ts';
import type { CalibrationWish } from '../state/lab-state.ts';
import type { Store } from '../state/store.ts';
import type { RewriteSession } from './rewrite-session.ts';
import type { WorkerClient } from './worker-client.ts';
import { WorkerQueue } from './worker-queue.ts';

type Client = Pick<WorkerClient, 'sourceOf'>;
type Rewriting = Pick<RewriteSession, 'place' | 'inTurn' | 'report' | 'apply'>;

/** Runs one calibration in a worker of its own; aborting ends that worker. */
export type Calibrate = (
  request: CalibrationRequest,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
) => Promise<Result<CalibrationReport>>;

/** More threads than this gain nothing for networks of the size that pages open. */
const MOST_THREADS = 4;

const inWorker: Calibrate = async (request, onProgress, signal) => {
  const start = () =>
    new Worker(new URL('../../../workers/calibrate.worker.ts', import.meta.url), {
      type: 'module',
    });
  const queue = new WorkerQueue<CalibrateApi>(start, () => undefined);
  const report = Comlink.proxy(onProgress);
  const answer = await queue.call((api) => api.calibrate(request, report), signal);
  queue.end();
  return answer;
};

/** Finds the scales that wait for calibration, and puts Q/DQ into a float model before that. */
export class CalibrateSession {
  private readonly store: Store<AppState>;
  private readonly client: Client;
  private readonly rewriting: Rewriting;
  private readonly calibrate: Calibrate;

  constructor(
    store: Store<AppState>,
    client: Client,
    rewriting: Rewriting,
    calibrate: Calibrate = inWorker,
  ) {
    this.store = store;
    this.client = client;
    this.rewriting = rewriting;
    this.calibrate = calibrate;
  }

  /** Does what the dialog asks for, and closes it when the scales are there. */
  async start(): Promise<void> {
    const { model, lab } = this.store.state;
    const { calibrating: wish } = lab;
    if (model === null || wish === null) return;
    if (model.summary.quantizeCount === 0) {
      await this.rewriting.place();
      if (this.store.state.model?.summary.quantizeCount === 0) return;
    }
    let report: CalibrationReport | undefined;
    await this.rewriting.inTurn('Calibrate', async (current, signal) => {
      const source = this.client.sourceOf(current.summary.id);
      if (source === undefined) return fail(modelNotOpen());
      const request = requestOf(wish, source);
      const found = await this.calibrate(request, this.rewriting.report, signal);
      if (!found.ok) return found;
      report = found.value;
      return ok(null);
    });
    if (report !== undefined) await this.take(report, wish);
  }

  private async take(report: CalibrationReport, { replace }: CalibrationWish): Promise<void> {
    const { type, scales, warnings } = report;
    const count = Object.keys(scales).length;
    const [warning] = warnings;
    if (count === 0) {
      if (warning) this.store.update({ problem: warning });
      return;
    }
    this.store.update({ lab: { ...this.store.state.lab, calibrating: null } });
    const step = { kind: 'scales', type, scales, ...(replace && { replace }) } as const;
    await this.rewriting.apply([step], `Calibrate ${countText(count, 'scale')}`);
    if (warnings.length > 0) this.store.update({ problem: summed(warnings) });
  }
}

function requestOf(
  { files, preset, method, samples, seed, replace }: CalibrationWish,
  source: CalibrationRequest['source'],
): CalibrationRequest {
  const feeds: FeedsSpec =
    files.length > 0
      ? { kind: 'files', files, preset }
      : { kind: 'random', seed, samples, distribution: 'normal' };
  const threads = crossOriginIsolated ? Math.min(MOST_THREADS, navigator.hardwareConcurrency) : 1;
  const runtime = { ortFolder: new URL('ort/', document.baseURI).href, threads };
  return { source, feeds, method, replace, runtime };
}

/** The first warning, and how many there are beside it. */
function summed(warnings: readonly Diagnostic[]): Diagnostic {
  const [first] = warnings;
  const more = warnings.length - 1;
  return more === 0 ? first! : { ...first!, advice: `${first!.advice} (and ${String(more)} more)` };
}
