import type { EngineScore } from '../explain/engine-cost.ts';
import type { Simulation } from '../explain/resimulate.ts';
import type { PassDecline } from '../passes/pass-trace.ts';
import type { Numerics } from '../passes/rewrite-pass.ts';
import type { EnginePrice } from './engine-price.ts';
import type { Step } from './step.ts';

/** One change that optimizing made, and why. */
export interface OptimizeChange {
  /** The pass that made it, or `search`. */
  readonly source: string;
  /** What was done: a sentence without a full stop. */
  readonly text: string;
  /** What it is for: the summary of the pass, or what the search saw it gain. */
  readonly reason: string;
  readonly nodes: readonly string[];
  readonly numerics: Numerics;
}

/** A place of a pass that was left alone, because the predicted engine is no better with it. */
export interface LeftOut {
  readonly passId: string;
  readonly site: string;
  readonly text: string;
}

/** What a predicted engine comes to. */
export interface EngineFigures extends EngineScore {
  readonly price: EnginePrice;
}

/** What optimizing found: data that may cross to the page. */
export interface OptimizeSummary {
  readonly changes: readonly OptimizeChange[];
  readonly leftOut: readonly LeftOut[];
  /** Why passes that were asked for by name declined, place by place. */
  readonly declined: readonly PassDecline[];
  readonly before: EngineFigures;
  readonly after: EngineFigures;
  /** The steps that lead from the model given to the optimized one. */
  readonly steps: readonly Step[];
  /** Values whose new quantizers wait for calibration. */
  readonly toCalibrate: readonly string[];
  /** Engines that were predicted on the way. */
  readonly simulations: number;
  /** True when the budget ended the search before it had tried everything. */
  readonly budgetSpent: boolean;
}

/** The summary with the models and engines themselves: not for crossing a worker. */
export interface Optimized {
  readonly summary: OptimizeSummary;
  readonly before: Simulation;
  readonly after: Simulation;
}
