import type { Result } from '../base/result.ts';
import type { Model } from '../ir/model.ts';
import type { Feeds, RunTensor } from '../inputs/run-tensor.ts';

/** A model that is ready to run, as written: no optimization changes where it rounds. */
export interface ModelRunner {
  /**
   * Runs the model once and gives the values asked for on opening. Fails on feeds that do not fit the inputs, and where the
   * runtime fails.
   */
  run(feeds: Feeds, signal?: AbortSignal): Promise<Result<ReadonlyMap<string, RunTensor>>>;
  /** Gives the memory of the model back. */
  release(): Promise<void>;
}

/**
 * Makes a model ready to run. `wanted` names the values to be given: outputs or any value in between. Core does not know
 * a runtime: workers and command line hand in the one of `src/ort`.
 */
export type OpenRunner = (
  model: Model,
  wanted: readonly string[],
  signal?: AbortSignal,
) => Promise<Result<ModelRunner>>;
