import type { Step } from '../src/api/rewrite-api.ts';
import type { Diagnostic } from '../src/core/base/diagnostic.ts';
import { ok } from '../src/core/base/result.ts';
import type { Result } from '../src/core/base/result.ts';
import type { Model } from '../src/core/ir/model.ts';
import { constantOf } from '../src/core/ir/quantizer-nodes.ts';
import { keepNumbers } from '../src/core/ir/tensor-values.ts';
import { applySteps } from '../src/core/optimize/apply-steps.ts';
import type { StepOptions, SteppedModel } from '../src/core/optimize/apply-steps.ts';
import { honestScales } from '../src/core/optimize/honest-scales.ts';

/** The model that the page's steps lead to, and what of a placement found no place. */
export interface MadeSteps extends SteppedModel {
  readonly notes: readonly Diagnostic[];
}

/** Makes the page's steps one after the other; `model` is not changed. The same steps always give the same. */
export async function makeSteps(
  model: Model,
  steps: readonly Step[],
  options: StepOptions,
): Promise<Result<MadeSteps>> {
  let made: MadeSteps = { model, changes: [], declined: [], notes: [] };
  for (const step of steps) {
    const next = await makeStep(made, step, options);
    if (!next.ok) return next;
    made = next.value;
  }
  return ok(made);
}

async function makeStep(
  made: MadeSteps,
  step: Step,
  options: StepOptions,
): Promise<Result<MadeSteps>> {
  if (step.kind === 'placement') {
    // The reader of YAML is fetched only where there is a file to read.
    const { placing } = await import('./placing.ts');
    const placed = placing.apply(made.model, step);
    return placed.ok ? ok({ ...made, ...placed.value }) : placed;
  }
  const honest = withHonestScales(step, made.model);
  const read = await readConstants(made.model, honest);
  if (!read.ok) return read;
  const stepped = await applySteps(made.model, [honest], options);
  if (!stepped.ok) return stepped;
  const { model, changes, declined } = stepped.value;
  return ok({ ...made, model, changes: [...made.changes, ...changes], declined });
}

type RewriteStep = Exclude<Step, { readonly kind: 'placement' }>;

/**
 * A searched change takes the scale of whatever quantizer is near, for layers do not depend on the number. Where that one
 * quantizes another value, the two share the scale from then on, and it waits for calibration.
 */
function withHonestScales(step: RewriteStep, { graph }: Model): RewriteStep {
  if (step.kind !== 'edits' || step.source !== 'search') return step;
  const edits = step.edits.map((edit) =>
    edit.kind === 'add-pair' ? (honestScales(edit, graph).at(-1) ?? edit) : edit,
  );
  return { ...step, edits };
}

/** Reads the weights whose magnitudes an edit asks for: edits themselves do not wait for a file. */
async function readConstants({ graph }: Model, step: RewriteStep): Promise<Result<null>> {
  for (const edit of step.kind === 'edits' ? step.edits : []) {
    if (edit.kind !== 'add-pair' || edit.scale.kind !== 'from-constant') continue;
    const tensor = constantOf(graph.value(edit.value));
    const read = tensor ? await keepNumbers(tensor) : ok(null);
    if (!read.ok) return read;
  }
  return ok(null);
}
