import type { ModelId, PredictionView, Progress } from '../../api/analyze-api.ts';
import type {
  EditOption,
  EngineComparison,
  OptimizeSummary,
  PassView,
} from '../../api/rewrite-api.ts';
import type { History } from './history.ts';
import type { Loadable } from './loadable.ts';
import { IDLE } from './loadable.ts';
import type { PassSwitches } from './pass-switches.ts';
import { ALL_ON } from './pass-switches.ts';

/** A change of the model under way. */
export interface LabJob extends Progress {
  readonly title: string;
}

/** What optimizing has found for a model, until it is accepted or discarded. */
export interface OptimizeProposal {
  readonly of: ModelId;
  readonly summary: OptimizeSummary;
}

/** How the next optimization is to go. */
export interface OptimizeWish {
  readonly search: boolean;
  /** Engines that may be predicted. */
  readonly budget: number;
}

/** What scales are to be calibrated with. */
export interface CalibrationWish {
  /** Images or arrays; without any, random numbers are taken. */
  readonly files: readonly File[];
  readonly preset: 'imagenet' | 'yolo' | 'unit' | 'none';
  readonly method: 'max' | 'entropy' | 'percentile' | 'mse';
  /** Of random numbers. */
  readonly samples: number;
  readonly seed: number;
  /** Also gives new numbers to scales that are known. */
  readonly replace: boolean;
}

/** Everything that the laboratory shows. */
export interface LabState {
  /** Null while no model is open. */
  readonly history: History | null;
  readonly job: LabJob | null;
  /** What each pass would do; of the model before while the new one is looked at. */
  readonly passes: Loadable<readonly PassView[]>;
  readonly switches: PassSwitches;
  readonly wish: OptimizeWish;
  readonly proposal: OptimizeProposal | null;
  /** The engine of the model as it was opened, for the target on show, where it is looked at. */
  readonly before: PredictionView | null;
  /** How the engine on show differs from that of the model as it was opened; idle while nothing is changed. */
  readonly comparison: Loadable<EngineComparison>;
  /** Edits that the selected node or constant offers. */
  readonly options: Loadable<readonly EditOption[]>;
  /** The dialog in which scales are calibrated; null while it is closed. */
  readonly calibrating: CalibrationWish | null;
  /** Said after something was done by a key, or why nothing was. */
  readonly notice: string;
}

export const INITIAL_LAB: LabState = {
  history: null,
  job: null,
  passes: IDLE,
  switches: ALL_ON,
  wish: { search: true, budget: 1000 },
  proposal: null,
  before: null,
  comparison: IDLE,
  options: IDLE,
  calibrating: null,
  notice: '',
};

export const USUAL_CALIBRATION: CalibrationWish = {
  files: [],
  preset: 'imagenet',
  method: 'entropy',
  samples: 8,
  seed: 1,
  replace: false,
};
