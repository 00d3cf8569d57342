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
export const runPasses = (
  model: Model,
  passes: readonly RewritePass[],
  options: RunOptions,
): Promise<Result<PassRun>> => goOn(new PassDriver(model, options), passes, 0, options);

/** The first passes of a run that begins alike each time: they run once for all that follows. */
export class SharedStart {
  private readonly driver: PassDriver;
  private readonly passes: readonly RewritePass[];
  private readonly options: RunOptions;
  /** So many of the passes have run once. */
  private readonly shared: number;

  private constructor(
    driver: PassDriver,
    passes: readonly RewritePass[],
    options: RunOptions,
    shared: number,
  ) {
    this.driver = driver;
    this.passes = passes;
    this.options = options;
    this.shared = shared;
  }

  /** Runs the passes before the first for which `isShared` does not hold; all that they propose is taken. */
  static async of(
    model: Model,
    passes: readonly RewritePass[],
    isShared: (pass: RewritePass) => boolean,
    options: RunOptions,
  ): Promise<Result<SharedStart>> {
    const driver = new PassDriver(model, options);
    const end = passes.findIndex((pass) => !isShared(pass));
    const shared = end < 0 ? passes.length : end;
    const done = await sweep(driver, passes.slice(0, shared), options);
    return done.ok ? ok(new SharedStart(driver, passes, options, shared)) : done;
  }

  /** The rest of a run that takes what `accept` takes: the same as `runPasses` gives where that takes all of the start. */
  finish(accept: NonNullable<PassOptions['accept']>): Promise<Result<PassRun>> {
    return goOn(this.driver.fork(accept), this.passes, this.shared, this.options);
  }
}

/** Round after round, the first of them from pass number `from` on. */
async function goOn(
  driver: PassDriver,
  passes: readonly RewritePass[],
  from: number,
  options: RunOptions,
): Promise<Result<PassRun>> {
  for (let round = 0; !passes.every((pass) => driver.isSettled(pass)); round++) {
    assert(round < MAX_ROUNDS, `passes chase each other: ${lastIds(driver.changes)}`);
    const done = await sweep(driver, round === 0 ? passes.slice(from) : passes, options);
    if (!done.ok) return done;
  }
  return ok({ model: driver.model, changes: driver.changes, declined: driver.declined });
}

async function sweep(
  driver: PassDriver,
  passes: readonly RewritePass[],
  options: RunOptions,
): Promise<Result<null>> {
  for (const [index, pass] of passes.entries()) {
    options.onProgress?.(pass.id, index / passes.length);
    await options.pause?.();
    if (options.signal?.aborted === true) return fail(cancelled());
    if (driver.isSettled(pass)) continue;
    const done = await driver.run(pass);
    if (!done.ok) return done;
  }
  return ok(null);
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
