import type {
  EngineComparison,
  OptimizeRequest,
  OptimizeSummary,
  PassView,
  Rewritten,
  Step,
} from '../src/api/rewrite-api.ts';
import { fail, ok } from '../src/core/base/result.ts';
import type { Result } from '../src/core/base/result.ts';
import { pendingScales } from '../src/core/calibrate/pending-scales.ts';
import { diffEngines } from '../src/core/explain/diff-engines.ts';
import type { Simulation } from '../src/core/explain/resimulate.ts';
import type { InferReport } from '../src/core/ir/infer/infer-report.ts';
import { inferShapes } from '../src/core/ir/infer/infer-shapes.ts';
import type { Model } from '../src/core/ir/model.ts';
import { saveModel } from '../src/core/onnx/save-model.ts';
import { checkOpset } from '../src/core/placement/check-opset.ts';
import type { StepOptions } from '../src/core/optimize/apply-steps.ts';
import { optimize } from '../src/core/optimize/optimize.ts';
import { USUAL_OPTIONS } from '../src/core/optimize/optimize-options.ts';
import { figuresOf, priced } from '../src/core/optimize/priced-simulation.ts';
import { PIPELINE, USUAL_PASSES } from '../src/core/passes/pipeline.ts';
import { surveyPasses } from '../src/core/passes/run-passes.ts';
import type { PassSurvey } from '../src/core/passes/run-passes.ts';
import type { Target } from '../src/core/sim/target.ts';
import { makeSteps } from './make-steps.ts';

/** A model that steps have made, as the worker keeps it. */
export interface Rewriting extends Omit<Rewritten, 'summary'> {
  readonly model: Model;
  readonly inferred: InferReport;
}

/** How a job tells that it goes on, and lets messages in between. */
type Hooks = Pick<StepOptions, 'onProgress' | 'pause'>;

/**
 * All that makes another model of one. A chunk of its own that the worker fetches when it is first asked for any of it:
 * who only looks at a model does not wait for the passes.
 */
export const rewriting = {
  rewrite: async (
    model: Model,
    steps: readonly Step[],
    options: StepOptions,
  ): Promise<Result<Rewriting>> => {
    const made = await makeSteps(model, steps, options);
    if (!made.ok) return made;
    const { model: rewritten, changes, declined, notes } = made.value;
    const inferred = inferShapes(rewritten);
    const pending = pendingScales(rewritten.graph).flatMap(({ values }) => values);
    return ok({
      model: rewritten,
      inferred,
      changes: changes.map(({ edits: _edits, ...change }) => change),
      declined,
      toCalibrate: [...new Set(pending)],
      notes,
    });
  },

  /** What each pass would do, all of them, those that run on request only too. */
  passes: async (model: Model, target: Target): Promise<Result<readonly PassView[]>> => {
    const surveys = await surveyPasses(model, PIPELINE, { target });
    return surveys.ok ? ok(surveys.value.map(viewOf)) : surveys;
  },

  optimize: async (
    model: Model,
    request: OptimizeRequest,
    hooks: Hooks,
  ): Promise<Result<OptimizeSummary>> => {
    const { extraPasses = [], ...wish } = request;
    const usual = wish.passes ?? USUAL_PASSES.map(({ id }) => id);
    const passes = [...new Set([...usual, ...extraPasses])];
    const optimized = await optimize(model, { ...USUAL_OPTIONS, ...wish, passes, ...hooks });
    return optimized.ok ? ok(optimized.value.summary) : optimized;
  },

  compare: (before: Simulation, after: Simulation): EngineComparison => ({
    before: figuresOf(priced(before)),
    after: figuresOf(priced(after)),
    differences: diffEngines(before.engine, after.engine),
  }),

  save: (model: Model): Promise<Result<Blob>> => {
    const refused = checkOpset(model.graph, model.opsets);
    return refused ? Promise.resolve(fail(refused)) : saveModel(model);
  },
};

const viewOf = ({ pass, proposals, declined }: PassSurvey): PassView => {
  const { id, title, summary, group, numerics, docs, onRequest } = pass;
  return {
    ...{ id, title, summary, group, numerics, docs, declined },
    ...(onRequest !== undefined && { onRequest }),
    proposals: proposals.map(({ site, text, nodes }) => ({ site, text, nodes })),
  };
};
