import type {
  AnalyzeApi,
  Explanation,
  Finding,
  FindingRuleInfo,
  ModelId,
  ModelSummary,
  ModuleInfo,
  NodeDetail,
  NodeExplanation,
  PredictionView,
  Progress,
  RuleInfo,
  Shortfall,
  WeightStats,
} from '../src/api/analyze-api.ts';
import type { Scene } from '../src/api/scene.ts';
import { modelNotOpen, unknownConstant, unknownNode } from '../src/core/base/diagnostics.ts';
import type { Diagnostic } from '../src/core/base/diagnostic.ts';
import { blobSource } from '../src/core/base/byte-source.ts';
import { fail, ok } from '../src/core/base/result.ts';
import type { Result } from '../src/core/base/result.ts';
import type { InferReport } from '../src/core/ir/infer/infer-report.ts';
import { inferShapes } from '../src/core/ir/infer/infer-shapes.ts';
import type { Simulation } from '../src/core/explain/resimulate.ts';
import type { Model } from '../src/core/ir/model.ts';
import { constantOf } from '../src/core/ir/quantizer-nodes.ts';
import { openModel } from '../src/core/onnx/open-model.ts';
import { findWeightQuantizer } from '../src/core/quant/find-weight-quantizer.ts';
import type { QuantKernels } from '../src/core/quant/quant-kernels.ts';
import { weightStats } from '../src/core/quant/weight-stats.ts';
import { ruleCatalog } from '../src/core/sim/rule-catalog.ts';
import { simulate } from '../src/core/sim/simulate.ts';
import { targetId } from '../src/core/sim/target.ts';
import type { Target } from '../src/core/sim/target.ts';
import { buildEngineScene } from '../src/core/view/engine-scene.ts';
import { listModules } from '../src/core/view/list-modules.ts';
import { draftModel } from '../src/core/view/model-draft.ts';
import { buildModelScene } from '../src/core/view/model-scene.ts';
import { summarizeModel } from '../src/core/view/model-summary.ts';
import { nodeDetail } from '../src/core/view/node-detail.ts';
import type { advice } from './advice.ts';
import { guard } from './guard.ts';

type Advice = typeof advice;
type OnProgress = ((progress: Progress) => void) | undefined;

/** A model with all that is known of it. */
export interface Held {
  readonly model: Model;
  readonly inferred: InferReport;
  readonly fileName: string;
  readonly sizeBytes: number;
}

/** Holds the open models and answers the page about them. Nothing is thrown at the page: a mistake of ours is a Diagnostic. */
export class AnalyzeService implements AnalyzeApi {
  private readonly kernels: () => Promise<QuantKernels>;
  private readonly models = new Map<ModelId, Held>();
  private opened = 0;
  /** The last simulation of each model. */
  private readonly simulations = new WeakMap<Model, Simulation>();

  constructor(kernels: () => Promise<QuantKernels>) {
    this.kernels = kernels;
  }

  open(files: readonly File[], onProgress?: OnProgress): Promise<Result<ModelSummary>> {
    return guard('opening the model', async () => {
      const sources = files.map((file) => blobSource(file.name, file));
      const opened = await openModel(sources, {
        onProgress: (step, fraction) => onProgress?.({ step, fraction }),
      });
      if (!opened.ok) return opened;
      const { model, source } = opened.value;
      onProgress?.({ step: 'Inferring shapes' });
      const inferred = inferShapes(model);
      const { name: fileName, size: sizeBytes } = source;
      const diagnostics = [...opened.value.diagnostics, ...inferred.diagnostics];
      return ok(this.hold({ model, inferred, fileName, sizeBytes }, diagnostics));
    });
  }

  modelScene(id: ModelId, folded: readonly string[] = []): Promise<Result<Scene>> {
    return this.with(id, 'drawing the model', ({ model }) =>
      ok(buildModelScene(model, { folded: new Set(folded) })),
    );
  }

  modules(id: ModelId): Promise<Result<readonly ModuleInfo[]>> {
    return this.with(id, 'listing modules', ({ model }) =>
      ok(listModules(draftModel(model).boxes)),
    );
  }

  predict(id: ModelId, target: Target, onProgress?: OnProgress): Promise<Result<PredictionView>> {
    return this.with(id, 'predicting the engine', ({ model, inferred }) => {
      onProgress?.({ step: 'Simulating the builder' });
      const start = performance.now();
      const engine = simulate(model, target, inferred);
      this.simulations.set(model, { model, inferred, engine });
      const simulated = performance.now();
      onProgress?.({ step: 'Drawing the engine' });
      const scene = buildEngineScene(engine);
      const layoutMs = performance.now() - simulated;
      return ok({ engine, scene, simulateMs: simulated - start, layoutMs });
    });
  }

  lint(id: ModelId, target: Target): Promise<Result<readonly Finding[]>> {
    return this.advise(id, target, 'looking for findings', (advice, simulation) =>
      ok(advice.findings(simulation)),
    );
  }

  node(id: ModelId, name: string): Promise<Result<NodeDetail>> {
    return this.with(id, 'describing a node', ({ model }) => {
      const node = model.graph.node(name);
      return node ? ok(nodeDetail(node)) : fail(unknownNode(name));
    });
  }

  confidence(id: ModelId, target: Target): Promise<Result<readonly number[]>> {
    return this.advise(id, target, 'judging the prediction', (advice, simulation) =>
      ok(advice.confidence(simulation)),
    );
  }

  why(id: ModelId, target: Target, node: string): Promise<Result<Explanation>> {
    return this.advise(id, target, 'explaining a node', (advice, simulation) =>
      advice.why(simulation, node),
    );
  }

  explain(
    id: ModelId,
    target: Target,
    node: string,
    onProgress?: OnProgress,
  ): Promise<Result<NodeExplanation>> {
    return this.advise(id, target, 'searching for a change', (advice, simulation) =>
      advice.explain(simulation, node, reportingPause(onProgress)),
    );
  }

  shortfall(id: ModelId, target: Target): Promise<Result<Shortfall>> {
    return this.advise(id, target, 'comparing with the best engine', (advice, simulation) =>
      advice.shortfall(simulation),
    );
  }

  weight(id: ModelId, valueName: string): Promise<Result<WeightStats>> {
    return this.with(id, 'measuring a weight', async ({ model }) => {
      const value = model.graph.value(valueName);
      const tensor = constantOf(value);
      if (value === undefined || tensor === undefined) return fail(unknownConstant(valueName));
      const quantizer = findWeightQuantizer(value);
      const input = { tensor, pause, ...(quantizer ? { quantizer } : {}) };
      const stats = await weightStats(input, await this.kernels());
      return stats.ok ? ok({ ...stats.value, name: valueName }) : stats;
    });
  }

  rules(): Promise<readonly RuleInfo[]> {
    return Promise.resolve(
      ruleCatalog.map(({ id, summary, docs, evidence }) => ({
        id,
        summary,
        docs,
        evidence: evidence.kind,
      })),
    );
  }

  async findingRules(): Promise<readonly FindingRuleInfo[]> {
    const { advice } = await fetchAdvice();
    return advice.findingRules();
  }

  close(id: ModelId): Promise<void> {
    this.models.delete(id);
    return Promise.resolve();
  }

  /** Answers a question about a prediction; that of the last `predict` is not made again. */
  private advise<T>(
    id: ModelId,
    target: Target,
    during: string,
    job: (advice: Advice, simulation: Simulation) => Result<T> | Promise<Result<T>>,
  ): Promise<Result<T>> {
    return this.with(id, during, async (held) => {
      const { advice } = await fetchAdvice();
      return job(advice, this.simulation(held, target));
    });
  }

  /** Keeps a model under a new id. */
  protected hold(held: Held, diagnostics: readonly Diagnostic[]): ModelSummary {
    const id = String(++this.opened) as ModelId;
    this.models.set(id, held);
    const { fileName, sizeBytes } = held;
    return { ...summarizeModel(held.model, diagnostics), id, fileName, sizeBytes };
  }

  /** The engine of a model, made anew only where the last one was for another target. */
  protected simulation({ model, inferred }: Held, target: Target): Simulation {
    const last = this.simulations.get(model);
    if (last && sameTarget(last.engine.target, target)) return last;
    const simulation = { model, inferred, engine: simulate(model, target, inferred) };
    this.simulations.set(model, simulation);
    return simulation;
  }

  /** Does a job with an open model; what it throws becomes a diagnostic. */
  protected with<T>(
    id: ModelId,
    during: string,
    job: (held: Held) => Result<T> | Promise<Result<T>>,
  ): Promise<Result<T>> {
    const held = this.models.get(id);
    return held ? guard(during, () => job(held)) : Promise.resolve(fail(modelNotOpen()));
  }
}

/** The rest of the worker: not needed before a prediction is on show. */
const fetchAdvice = () => import('./advice.ts');

const sameTarget = (a: Target, b: Target): boolean =>
  a.mode === b.mode && targetId(a) === targetId(b);

/** Lets messages in between. */
export const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** The same, and says how long a search has gone on. */
function reportingPause(onProgress: OnProgress): () => Promise<void> {
  const start = performance.now();
  return () => {
    const seconds = (performance.now() - start) / 1000;
    onProgress?.({ step: `Trying changes of the Q/DQ for ${seconds.toFixed(1)} s` });
    return pause();
  };
}
