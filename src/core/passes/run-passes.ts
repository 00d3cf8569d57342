import { assert } from '../base/assert.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import { cancelled } from '../base/diagnostics.ts';
import type { Model } from '../ir/graph.ts';
import { PassDriver } from './pass-driver.ts';
import type { PassOptions } from './pass-driver.ts';
import type { PassChange, PassDecline } from './pass-trace.ts';
import type { Proposal, RewritePass } from './rewrite-pass.ts';

/** Rounds over all passes after which they are held to chase each other: more is a bug of a pass. */
const MAX_ROUNDS = 12;

/** A model after passes, and what happened on the way. */
export interface PassRun {
  readonly model: Model;
  /** In the order in which they were made; made again on the same model they give the same. */
  readonly changes: readonly PassChange[];
  readonly declined: readonly PassDecline[];
}

/** How a long run is watched. */
export interface RunOptions extends PassOptions {
  readonly onProgress?: (passId: string, fraction: number) => void;
  /** Lets messages come in between passes. */
  readonly pause?: () => Promise<void>;
}

/**
 * Runs `passes` in their order, and all of them again until none finds anything. `model` is not changed. Fails only where
 * bytes of constants cannot be read, and on abort.
 */
export async function runPasses(
  model: Model,
  passes: readonly RewritePass[],
  options: RunOptions,
): Promise<Result<PassRun>> {
  const driver = new PassDriver(model, options);
  let changed = true;
  for (let round = 0; changed; round++) {
    assert(round < MAX_ROUNDS, `passes chase each other: ${lastIds(driver.changes)}`);
    changed = false;
    for (const [index, pass] of passes.entries()) {
      options.onProgress?.(pass.id, index / passes.length);
      await options.pause?.();
      if (options.signal?.aborted === true) return fail(cancelled());
      const done = await driver.run(pass);
      if (!done.ok) return done;
      changed ||= done.value > 0;
    }
  }
  return ok({ model: driver.model, changes: driver.changes, declined: driver.declined });
}

/** What one pass would do on a model as it is, and where it declines. */
export interface PassSurvey {
  readonly pass: RewritePass;
  readonly proposals: readonly (Proposal & { readonly site: string })[];
  readonly declined: readonly PassDecline[];
}

/** Looks at what each pass would do, each on the model as it is; nothing is changed. */
export async function surveyPasses(
  model: Model,
  passes: readonly RewritePass[],
  options: PassOptions,
): Promise<Result<readonly PassSurvey[]>> {
  const driver = new PassDriver(model, options);
  const surveys: PassSurvey[] = [];
  for (const pass of passes) {
    const proposals = await driver.survey(pass);
    if (!proposals.ok) return proposals;
    const declined = driver.declined.filter(({ passId }) => passId === pass.id);
    surveys.push({ pass, proposals: proposals.value, declined });
  }
  return ok(surveys);
}

const lastIds = (changes: readonly PassChange[]): string =>
  [...new Set(changes.slice(-20).map(({ passId }) => passId))].join(', ');
