import type { ModelId, Progress } from '../src/api/analyze-api.ts';
import type {
  BuiltComparison,
  BuiltEngine,
  EngineFileFormat,
  EngineView,
  RealityComparison,
} from '../src/api/engine-api.ts';
import type {
  EditOption,
  EngineComparison,
  LabApi,
  OptimizeRequest,
  OptimizeSummary,
  PassView,
  Rewritten,
  Step,
} from '../src/api/rewrite-api.ts';
import { ok } from '../src/core/base/result.ts';
import type { Result } from '../src/core/base/result.ts';
import { editOptions } from '../src/core/placement/edit-options.ts';
import type { Target } from '../src/core/sim/target.ts';
import { AnalyzeService, pause } from './analyze-service.ts';
import { guard } from './guard.ts';

type OnProgress = ((progress: Progress) => void) | undefined;

/** The rest of the worker: not needed before something is to be changed. */
const fetchRewriting = async () => (await import('./rewriting.ts')).rewriting;

/** What is said of built engines: most visits open none. */
const fetchEngines = async () => (await import('./engines.ts')).engines;

/** Adds to the questions about a model those that lead to another one, and those about built engines. */
export class LabService extends AnalyzeService implements LabApi {
  rewrite(
    id: ModelId,
    steps: readonly Step[],
    target: Target,
    onProgress?: OnProgress,
  ): Promise<Result<Rewritten>> {
    return this.with(id, 'changing the model', async (held) => {
      const rewriting = await fetchRewriting();
      const hooks = { pause, onProgress: reporterOf(onProgress) };
      const made = await rewriting.rewrite(held.model, steps, { target, ...hooks });
      if (!made.ok) return made;
      const { model, inferred, ...rest } = made.value;
      const summary = this.hold({ ...held, model, inferred }, inferred.diagnostics);
      return ok({ summary, ...rest });
    });
  }

  passes(id: ModelId, target: Target): Promise<Result<readonly PassView[]>> {
    return this.with(id, 'looking at what passes would do', async ({ model }) => {
      const rewriting = await fetchRewriting();
      return rewriting.passes(model, target);
    });
  }

  optimize(
    id: ModelId,
    request: OptimizeRequest,
    onProgress?: OnProgress,
  ): Promise<Result<OptimizeSummary>> {
    return this.with(id, 'optimizing', async ({ model }) => {
      const rewriting = await fetchRewriting();
      return rewriting.optimize(model, request, { pause, onProgress: reporterOf(onProgress) });
    });
  }

  compare(before: ModelId, after: ModelId, target: Target): Promise<Result<EngineComparison>> {
    return this.with(before, 'comparing two engines', (one) =>
      this.with(after, 'comparing two engines', async (other) => {
        const rewriting = await fetchRewriting();
        return ok(rewriting.compare(this.simulation(one, target), this.simulation(other, target)));
      }),
    );
  }

  edits(id: ModelId, name: string): Promise<Result<readonly EditOption[]>> {
    return this.with(id, 'looking for edits', ({ model }) => ok(editOptions(model.graph, name)));
  }

  placement(id: ModelId): Promise<Result<string>> {
    return this.with(id, 'reading the placement', async ({ model }) => {
      const { placing } = await import('./placing.ts');
      return placing.print(model);
    });
  }

  readEngines(files: readonly File[]): Promise<Result<readonly EngineView[]>> {
    return guard('reading the engine', async () => (await fetchEngines()).read(files));
  }

  compareEngines(built: readonly BuiltEngine[]): Promise<Result<BuiltComparison>> {
    return guard('comparing engines', async () => (await fetchEngines()).compare(built));
  }

  checkPrediction(
    id: ModelId,
    target: Target,
    built: BuiltEngine,
  ): Promise<Result<RealityComparison>> {
    return this.with(id, 'holding the prediction against the engine', async (held) => {
      const { engine } = this.simulation(held, target);
      return (await fetchEngines()).check(engine, built, held.model.graph);
    });
  }

  reportEngines(built: readonly BuiltEngine[], format: EngineFileFormat): Promise<Result<Blob>> {
    return guard('writing the report', async () => {
      const { reportBuilt } = await import('./reporting-engines.ts');
      return ok(await reportBuilt(built, format));
    });
  }

  bugReport(
    id: ModelId,
    target: Target,
    built: BuiltEngine,
    stripNames: boolean,
  ): Promise<Result<Blob>> {
    return this.with(id, 'writing the bug report', async ({ model }) => {
      const { reportBug } = await import('./reporting-bugs.ts');
      return reportBug({ model, target, engine: built, stripNames, producer: 'qdq-lab page' });
    });
  }

  save(id: ModelId): Promise<Result<Blob>> {
    return this.with(id, 'writing the model', async ({ model }) => {
      const rewriting = await fetchRewriting();
      return rewriting.save(model);
    });
  }
}

const reporterOf = (onProgress: OnProgress) => (step: string, fraction?: number) => {
  onProgress?.({ step, ...(fraction !== undefined && { fraction }) });
};
