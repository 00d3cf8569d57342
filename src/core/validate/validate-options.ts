import type { Result } from '../base/result.ts';
import type { RunOptions } from '../calibrate/collect-statistics.ts';
import type { FeedStream } from '../calibrate/feed-stream.ts';
import type { Graph, Model } from '../ir/graph.ts';
import type { PassChange } from '../passes/pass-trace.ts';
import type { QuantKernels } from '../quant/quant-kernels.ts';
import type { EquivalenceReport, FloatReport } from './validation-report.ts';

/** How far a validation is. Batches and groups count from 1; the number of batches is not known before the first group is done. */
export interface ValidationProgress {
  /** Batches done in this group. */
  readonly batch: number;
  /** Batches of a group, once known. */
  readonly batches?: number;
  readonly group: number;
  readonly groups: number;
}

/** What every validation needs beside models and data. */
export interface ValidateOptions extends RunOptions {
  readonly kernels: QuantKernels;
  readonly onProgress?: (progress: ValidationProgress) => void;
  /**
   * Splits tensors where those of one batch do not fit into memory together: models run, and the data is walked, once for
   * each group. Both models' tensors of a group are held at once. One group unless given.
   */
  readonly splitValues?: (
    graph: Graph,
    values: readonly string[],
  ) => readonly (readonly string[])[];
  /** Tensors to compare, beside outputs; all unless given. */
  readonly tensors?: readonly string[];
  /** Tensors that get histograms and a scatter sample; float outputs unless given. */
  readonly details?: readonly string[];
  /**
   * Both models are held ready at once; false opens each anew for each batch, for models of which the runtime can hold
   * only one. True unless given.
   */
  readonly together?: boolean;
}

/** What a comparison of two models needs. */
export interface CompareOptions extends ValidateOptions {
  /** The changes that made B of A: their promises are held against the numbers. Absent: unknown, nothing is promised. */
  readonly changes?: readonly PassChange[];
}

/** A model before a rewrite and after it. */
export interface ModelPair {
  readonly before: Model;
  readonly after: Model;
}

/** The shape of `compareModels` in `compare-models.ts`. */
export type CompareModels = (
  pair: ModelPair,
  feeds: FeedStream,
  options: CompareOptions,
) => Promise<Result<EquivalenceReport>>;

/** The shape of `compareWithFloat` in `compare-with-float.ts`. */
export type CompareWithFloat = (
  model: Model,
  feeds: FeedStream,
  options: ValidateOptions,
) => Promise<Result<FloatReport>>;
