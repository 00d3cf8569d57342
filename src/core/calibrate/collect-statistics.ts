import { assert } from '../base/assert.ts';
import { cancelled } from '../base/diagnostics.ts';
import {
  calibrationDataEmpty,
  calibrationDataOnce,
  nonFiniteValue,
  valueNotFloat,
} from '../base/diagnostics/calibrate.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { RunTensor } from '../inputs/run-tensor.ts';
import type { Graph } from '../ir/graph.ts';
import type { Model } from '../ir/model.ts';
import type { QuantKernels } from '../quant/quant-kernels.ts';
import { readFeeds } from './feed-stream.ts';
import type { FeedStream } from './feed-stream.ts';
import type { ModelRunner, OpenRunner } from './model-runner.ts';
import { runFloats } from './run-floats.ts';
import { StatisticsCollector } from './value-statistics.ts';
import type { ValueStatistics } from './value-statistics.ts';

/** How far a walk over the data is. Batches and groups count from 1. */
export interface CalibrationProgress {
  /** Batches done in this group. */
  readonly batch: number;
  readonly group: number;
  readonly groups: number;
}

/** What a run of a model needs beside the model. */
export interface RunOptions {
  readonly openRunner: OpenRunner;
  readonly signal?: AbortSignal;
  /** Awaited after each batch, so that the thread can take messages. */
  readonly pause?: () => Promise<void>;
}

export interface CollectOptions extends RunOptions {
  readonly kernels: QuantKernels;
  readonly onProgress?: (progress: CalibrationProgress) => void;
  /**
   * Splits the watched values where they do not fit into memory together: the data is then walked, and the model run, once for
   * each group, so that the data has to start anew each time. All at once unless given.
   */
  readonly splitValues?: (
    graph: Graph,
    values: readonly string[],
  ) => readonly (readonly string[])[];
}

/**
 * Runs `model` over all batches and collects the statistics of `values` as they come: no batch is kept. Fails with the
 * value's name when a number is NaN or infinite or a value is not float, with no batches at all, and with `base/cancelled`
 * between two batches or while one is being made; during a run the runner decides.
 */
export async function collectStatistics(
  model: Model,
  values: readonly string[],
  feeds: FeedStream,
  options: CollectOptions,
): Promise<Result<ReadonlyMap<string, ValueStatistics>>> {
  const collectors = new Map(
    values.map((name) => [name, new StatisticsCollector(options.kernels)] as const),
  );
  const groups = options.splitValues?.(model.graph, values) ?? [values];
  let first = 0;
  for (const [index, group] of groups.entries()) {
    const opened = await options.openRunner(model, group, options.signal);
    if (!opened.ok) return opened;
    const progress = { group: index + 1, groups: groups.length };
    const work = { collectors, options, progress };
    const seen = await collectGroup(opened.value, feeds, work).finally(() =>
      opened.value.release(),
    );
    if (!seen.ok) return seen;
    if (seen.value === 0 && index === 0) return fail(calibrationDataEmpty());
    if (index === 0) first = seen.value;
    else if (seen.value !== first) return fail(calibrationDataOnce(first, seen.value));
  }
  return ok(collectors);
}

interface GroupWork {
  readonly collectors: ReadonlyMap<string, StatisticsCollector>;
  readonly options: CollectOptions;
  readonly progress: Omit<CalibrationProgress, 'batch'>;
}

/** Gives the number of batches. */
async function collectGroup(
  runner: ModelRunner,
  feeds: FeedStream,
  { collectors, options, progress }: GroupWork,
): Promise<Result<number>> {
  const { signal, onProgress, pause } = options;
  let batch = 0;
  for await (const next of readFeeds(feeds, signal)) {
    if (!next.ok) return next;
    const given = await runner.run(next.value, signal);
    if (!given.ok) return given;
    batch++;
    for (const [name, tensor] of given.value) {
      if (signal?.aborted === true) return fail(cancelled());
      const problem = take(collectors.get(name), name, tensor, batch);
      if (problem) return fail(problem);
    }
    onProgress?.({ ...progress, batch });
    await pause?.();
  }
  return ok(batch);
}

function take(
  collector: StatisticsCollector | undefined,
  name: string,
  tensor: RunTensor,
  batch: number,
): Diagnostic | undefined {
  const numbers = runFloats(tensor);
  if (numbers === undefined) return valueNotFloat(name, tensor.dataType);
  collector?.add(numbers);
  const { nonFinite = 0 } = collector ?? {};
  return nonFinite > 0 ? nonFiniteValue(name, nonFinite, batch) : undefined;
}

/** `values` in groups of `size`, in order. */
export function groupsOf(values: readonly string[], size: number): readonly (readonly string[])[] {
  assert(size >= 1, 'a group has room for a value');
  const groups: string[][] = [];
  for (let start = 0; start < values.length; start += size)
    groups.push(values.slice(start, start + size));
  return groups;
}
