import { assertNever } from '../base/assert.ts';
import { fail, ok } from '../base/result.ts';
import { stepNotUnderstood } from '../base/diagnostics/optimize.ts';
import type { Result } from '../base/result.ts';
import { applyScales } from '../calibrate/apply-scales.ts';
import type { Model } from '../ir/graph.ts';
import { applyGraphEdits, withOpset } from '../passes/apply-graph-edit.ts';
import type { PassChange, PassDecline } from '../passes/pass-trace.ts';
import { PIPELINE } from '../passes/pipeline.ts';
import type { RewritePass } from '../passes/rewrite-pass.ts';
import { runPasses } from '../passes/run-passes.ts';
import type { Target } from '../sim/target.ts';
import { inferredCopy } from './inferred-copy.ts';
import type { PassSite, Step } from './step.ts';

/** What steps work for, and how they are held. */
export interface StepOptions {
  readonly target: Target;
  readonly signal?: AbortSignal;
  readonly onProgress?: (step: string, fraction: number) => void;
  readonly pause?: () => Promise<void>;
}

/** The model that steps lead to. */
export interface SteppedModel {
  readonly model: Model;
  /** What passes did, in order. */
  readonly changes: readonly PassChange[];
  readonly declined: readonly PassDecline[];
}

/** Makes the steps one after the other; `model` is not changed. Fails on the first that the model does not permit. */
export async function applySteps(
  model: Model,
  steps: readonly Step[],
  options: StepOptions,
): Promise<Result<SteppedModel>> {
  let state: SteppedModel = { model: inferredCopy(model), changes: [], declined: [] };
  for (const step of steps) {
    const next = await applyStep(state, step, options);
    if (!next.ok) return next;
    state = next.value;
  }
  return ok(state);
}

async function applyStep(
  { model, changes, declined }: SteppedModel,
  step: Step,
  options: StepOptions,
): Promise<Result<SteppedModel>> {
  switch (step.kind) {
    case 'passes': {
      const passes = passesOf(step.ids);
      if (!passes.ok) return passes;
      const { except = [], only, settings = {} } = step;
      const accept = acceptBut(except, only);
      const run = await runPasses(model, passes.value, { ...options, accept, settings });
      if (!run.ok) return run;
      return ok({ ...run.value, changes: [...changes, ...run.value.changes] });
    }
    case 'edits': {
      const graph = model.graph.clone();
      const done = applyGraphEdits(graph, step.source, step.edits);
      if (!done.ok) return done;
      return ok({ model: withOpset({ ...model, graph }, step.edits), changes, declined });
    }
    case 'scales': {
      const { type, replace = false } = step;
      const table = { method: 'max', type, scales: new Map(Object.entries(step.scales)) } as const;
      const applied = applyScales(model, table, { replace });
      return ok({ model: applied.model, changes, declined });
    }
    default:
      return assertNever(step);
  }
}

/** Takes all places, or only those of `only`, but those of `except`. */
export function acceptBut(
  except: readonly PassSite[],
  only?: readonly PassSite[],
): (passId: string, site: string) => boolean {
  const keysOf = (sites: readonly PassSite[]): ReadonlySet<string> =>
    new Set(sites.map(({ passId, site }) => `${passId}\n${site}`));
  const left = keysOf(except);
  const taken = only && keysOf(only);
  return (passId, site) => {
    const key = `${passId}\n${site}`;
    return !left.has(key) && (taken?.has(key) ?? true);
  };
}

/** The passes of those ids in the order of the pipeline, whatever order they are named in. */
export function passesOf(ids: readonly string[]): Result<readonly RewritePass[]> {
  const wanted = new Set(ids);
  const passes = PIPELINE.filter(({ id }) => wanted.delete(id));
  const [unknown] = wanted;
  return unknown === undefined
    ? ok(passes)
    : fail(stepNotUnderstood(`there is no pass ${unknown}`));
}
