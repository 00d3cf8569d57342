import { cancelled } from '../base/diagnostics.ts';
import { validationDataEmpty, validationDataOnce } from '../base/diagnostics/validate.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import { readFeeds } from '../calibrate/feed-stream.ts';
import type { FeedStream } from '../calibrate/feed-stream.ts';
import type { ModelRunner } from '../calibrate/model-runner.ts';
import type { Feeds, RunTensor } from '../inputs/run-tensor.ts';
import type { Model } from '../ir/model.ts';
import type { ModelPair, ValidateOptions } from './validate-options.ts';
import type { RunFacts } from './validation-report.ts';

/** Names of values that the two models are asked for in one run. */
export interface WalkGroup {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** What the two models gave for one batch. */
export interface WalkResults {
  readonly before: ReadonlyMap<string, RunTensor>;
  readonly after: ReadonlyMap<string, RunTensor>;
}

/** A walk of two models over data. */
export interface Walk {
  readonly pair: ModelPair;
  readonly groups: readonly WalkGroup[];
  readonly feeds: FeedStream;
  /** Takes the numbers of one batch of one group in; they are gone afterwards. */
  readonly take: (results: WalkResults) => void;
}

/**
 * Runs both models over all batches, once for each group of values, and hands their numbers on: never more is held than one
 * batch of one group. Fails on what the runner refuses, without data, where data cannot be walked again, and on abort, which is
 * looked for between batches and between the two runs of one.
 */
export async function walkPair(walk: Walk, options: ValidateOptions): Promise<Result<RunFacts>> {
  let batches = 0;
  for (const [index, group] of walk.groups.entries()) {
    const progress = {
      group: index + 1,
      groups: walk.groups.length,
      ...(index > 0 ? { batches } : {}),
    };
    const done = await walkGroup(walk, group, options, (batch) => {
      options.onProgress?.({ ...progress, batch });
    });
    if (!done.ok) return done;
    if (done.value === 0) return fail(validationDataEmpty());
    if (index === 0) batches = done.value;
    else if (done.value !== batches) return fail(validationDataOnce(batches, done.value));
  }
  return ok({ batches, groups: walk.groups.length });
}

/** Gives the number of batches. */
async function walkGroup(
  { pair, feeds, take }: Walk,
  group: WalkGroup,
  options: ValidateOptions,
  onBatch: (batch: number) => void,
): Promise<Result<number>> {
  const { signal, pause } = options;
  const before = new Side(pair.before, group.before, options);
  const after = new Side(pair.after, group.after, options);
  try {
    let batch = 0;
    for await (const next of readFeeds(feeds, signal)) {
      if (!next.ok) return next;
      const a = await before.run(next.value);
      if (!a.ok) return a;
      if (signal?.aborted === true) return fail(cancelled());
      const b = await after.run(next.value);
      if (!b.ok) return b;
      take({ before: a.value, after: b.value });
      batch++;
      onBatch(batch);
      await pause?.();
    }
    return ok(batch);
  } finally {
    await before.release();
    await after.release();
  }
}

/** One model of a walk: ready from the first batch to the last, or opened anew for each. */
class Side {
  private readonly model: Model;
  private readonly wanted: readonly string[];
  private readonly options: ValidateOptions;
  private runner: ModelRunner | undefined;

  constructor(model: Model, wanted: readonly string[], options: ValidateOptions) {
    this.model = model;
    this.wanted = wanted;
    this.options = options;
  }
  async run(feeds: Feeds): Promise<Result<ReadonlyMap<string, RunTensor>>> {
    const { openRunner, signal, together = true } = this.options;
    if (this.runner === undefined) {
      const opened = await openRunner(this.model, this.wanted, signal);
      if (!opened.ok) return opened;
      this.runner = opened.value;
    }
    const given = await this.runner.run(feeds, signal);
    if (!together) await this.release();
    return given;
  }
  async release(): Promise<void> {
    const { runner } = this;
    this.runner = undefined;
    await runner?.release();
  }
}
