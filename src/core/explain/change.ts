import type { Model } from '../ir/model.ts';
import type { PlacementEdit } from '../placement/placement-edit.ts';
import type { PredictedEngine } from '../sim/predicted-engine.ts';
import type { EngineScore } from './engine-cost.ts';
import type { EngineDifference } from './engine-difference.ts';

/** How much a search may spend. */
export interface SearchBudget {
  /** Simulations at most, of a piece of the model or of all of it; 160 unless told. */
  readonly simulations?: number;
  /** Milliseconds after which no new simulation is begun; without a limit the answer never depends on the machine. */
  readonly timeMs?: number;
  readonly signal?: AbortSignal;
  /** Lets timers and messages come in now and then; without it an abort is only seen where the caller awaits. */
  readonly pause?: () => Promise<void>;
}

/** A change of the placement that was simulated on the whole model. */
export interface Change {
  readonly edits: readonly PlacementEdit[];
  /** The edits in words, one each. */
  readonly descriptions: readonly string[];
  /** `int8`: the node's layer takes and gives INT8 now; `better`: it does not, but the engine moves fewer bytes. */
  readonly reaches: 'int8' | 'better';
  /** `function` when an edit changes what the network computes. */
  readonly numbers: 'rounding' | 'function';
  readonly differences: readonly EngineDifference[];
  readonly before: EngineScore;
  readonly after: EngineScore;
  /** How many simulations it took. */
  readonly simulations: number;
}

/** What a search found, with the model and engine that it leads to: not for crossing a worker. */
export interface FoundChange {
  readonly change: Change;
  readonly model: Model;
  readonly engine: PredictedEngine;
}
