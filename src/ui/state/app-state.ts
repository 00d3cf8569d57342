import type { Diagnostic } from '../../core/base/diagnostic.ts';
import type { Target } from '../../core/sim/target.ts';
import type {
  Change,
  Explanation,
  ModelSummary,
  NodeDetail,
  PredictionView,
  Progress,
  RuleInfo,
  Shortfall,
  WeightStats,
} from '../../api/analyze-api.ts';
import type { Scene } from '../../api/scene.ts';
import type { EnginesState } from './engine-state.ts';
import { NO_ENGINES } from './engine-state.ts';
import type { CompanionState } from './companion-state.ts';
import type { FindingList } from './findings.ts';
import type { LabState } from './lab-state.ts';
import { INITIAL_LAB } from './lab-state.ts';
import type { Loadable } from './loadable.ts';
import { IDLE } from './loadable.ts';
import { DEFAULT_TARGET } from './targets.ts';
import type { ValidationState } from './validation-state.ts';
import { INITIAL_VALIDATION } from './validation-state.ts';

/** The places of the window, in the order of the keys 1 to 6. */
export const PLACES = ['outline', 'model', 'engine', 'inspector', 'drawer', 'lab'] as const;
export type Place = (typeof PLACES)[number];

export const DRAWER_TABS = [
  'findings',
  'reference',
  'trace',
  'validation',
  'built',
  'layers',
  'remarks',
] as const;
export type DrawerTab = (typeof DRAWER_TABS)[number];

/** What the user points at. */
export interface Selection {
  /**
   * `layer`: of the predicted engine; `built`: a layer of the built engine on show; `node`: of the model; `value`: a constant; `module`: all under a path of node names;
   * `finding`: all that a finding is about.
   */
  readonly kind: 'layer' | 'built' | 'node' | 'value' | 'module' | 'finding';
  /** Layer, node or value name, index of a built layer (names occur twice), module path, or the id of the finding or group of findings. */
  readonly name: string;
  /** Names of the ONNX nodes concerned: the link between the two graphs. Of a value, the nodes that read it. */
  readonly nodes: readonly string[];
}

/** A model on show. */
export interface OpenModel {
  readonly summary: ModelSummary;
  /** The drawing, with `folded` modules as one box each. */
  readonly scene: Scene;
  /** The drawing with nothing folded: what the outline lists. */
  readonly fullScene: Scene;
  readonly folded: readonly string[];
  /** It came with the page. */
  readonly isSample?: boolean;
}

/** How the window is divided. Splits are shares of the first part, 0 to 1. */
export interface Layout {
  /** Where the keyboard is, and what a narrow screen shows. */
  readonly place: Place;
  readonly graphSplit: number;
  readonly drawerSplit: number;
  readonly drawerOpen: boolean;
  readonly drawerTab: DrawerTab;
  /** The laboratory stands where the outline is otherwise. */
  readonly labOpen: boolean;
  /** The engine of the model as it was opened stands where the model is otherwise. */
  readonly comparing: boolean;
}

/** Everything that the page shows. Replaced, never changed. */
export interface AppState {
  readonly target: Target;
  readonly selection: Selection | null;
  readonly hoveredNodes: readonly string[];
  readonly search: string;
  readonly layout: Layout;
  readonly keysShown: boolean;
  /** A model being opened; the old one stays on show. */
  readonly opening: (Progress & { readonly fileName: string }) | null;
  /** True while the prediction on show is not yet that of `target`. */
  readonly predicting: boolean;
  readonly model: OpenModel | null;
  readonly prediction: PredictionView | null;
  /** Why there is no prediction of the model on show. */
  readonly predictionError: Diagnostic | null;
  /** What the linter says about the prediction; of the one before while the new one is looked at. */
  readonly findings: Loadable<FindingList>;
  /** How likely each layer of the prediction is right, by its index, 0 to 1; empty until that is known. */
  readonly confidence: readonly number[];
  /** Why the selected node or layer is where it is. */
  readonly why: Loadable<Explanation>;
  /** What would help it, once it was searched; null where nothing was found. */
  readonly change: Loadable<Change | null>;
  /** What that search is at. */
  readonly changeStep: string;
  /** What the best engine does better, once it was looked at. */
  readonly shortfall: Loadable<Shortfall>;
  /** Why the last file could not be opened. */
  readonly problem: Diagnostic | null;
  readonly nodeDetail: Loadable<NodeDetail>;
  readonly weight: Loadable<WeightStats>;
  readonly rules: readonly RuleInfo[];
  readonly lab: LabState;
  readonly validation: ValidationState;
  readonly engines: EnginesState;
  /** Null before the dialog for building was opened first. */
  readonly companion: CompanionState | null;
  /** True once the page is kept for work without a network. */
  readonly offlineReady: boolean;
}

export const INITIAL_STATE: AppState = {
  target: DEFAULT_TARGET,
  selection: null,
  hoveredNodes: [],
  search: '',
  layout: {
    place: 'engine',
    graphSplit: 0.5,
    drawerSplit: 0.68,
    drawerOpen: false,
    drawerTab: 'findings',
    labOpen: false,
    comparing: false,
  },
  keysShown: false,
  opening: null,
  predicting: false,
  model: null,
  prediction: null,
  predictionError: null,
  findings: IDLE,
  confidence: [],
  why: IDLE,
  change: IDLE,
  changeStep: '',
  shortfall: IDLE,
  problem: null,
  nodeDetail: IDLE,
  weight: IDLE,
  rules: [],
  lab: INITIAL_LAB,
  validation: INITIAL_VALIDATION,
  engines: NO_ENGINES,
  companion: null,
  offlineReady: false,
};
