import type { Scene } from '../../api/scene.ts';
import type {
  BuiltComparison,
  EngineFileFormat,
  EngineView,
  RealityComparison,
} from '../../api/engine-api.ts';
import type { AppState } from './app-state.ts';
import type { BoxHeat } from './error-heat.ts';
import type { Loadable } from './loadable.ts';
import { IDLE } from './loadable.ts';

/** A built engine that was opened. */
export interface OpenedEngine extends EngineView {
  /** Unique among all that were opened since the page was loaded. */
  readonly id: string;
  /** What lists call it: the name of its files, with a number where two are called the same. */
  readonly label: string;
  /** The drawing with its boxes named by what they run, for the outline. */
  readonly outline: Scene;
}

/** What stands in the places of the graphs: the prediction, the built engine, or one beside the other. */
export const ENGINE_SIDES = ['predicted', 'built', 'both'] as const;
export type EngineSide = (typeof ENGINE_SIDES)[number];

/** A comparison and the engines that it is about, in its order. */
export interface ShownComparison {
  readonly ids: readonly string[];
  readonly value: BuiltComparison;
}

/** The parts of the panel. */
export const ENGINE_SECTIONS = [
  'summary',
  'layers',
  'findings',
  'convolutions',
  'tactics',
  'compare',
  'prediction',
] as const;
export type EngineSection = (typeof ENGINE_SECTIONS)[number];

/** All that the page knows about engines that TensorRT built. */
export interface EnginesState {
  readonly opened: readonly OpenedEngine[];
  /** Id of the one on show. */
  readonly shown: string | null;
  readonly side: EngineSide;
  /** What the panel shows. */
  readonly section: EngineSection;
  /** Its boxes are coloured by time in the place of precision; null where they are not, or nothing was timed. */
  readonly heat: BoxHeat | null;
  /** The engine that stands in the first place, to be compared with the one on show; null where something else stands there. */
  readonly beside: string | null;
  /** The engine that the others are held against in the comparison; the first that was opened unless chosen. */
  readonly base: string | null;
  readonly comparison: Loadable<ShownComparison>;
  /** The prediction of the model on show held against the engine on show, where that was looked at. */
  readonly reality: Loadable<RealityComparison>;
  /** Ids of boxes that differ, in the first and in the second place. */
  readonly differing: { readonly first: ReadonlySet<string>; readonly second: ReadonlySet<string> };
  /** Files being read; null while there are none. */
  readonly reading: { readonly fileName: string; readonly step: string } | null;
}

export const NOTHING_DIFFERS: EnginesState['differing'] = { first: new Set(), second: new Set() };

export const NO_ENGINES: EnginesState = {
  opened: [],
  shown: null,
  side: 'built',
  section: 'summary',
  heat: null,
  beside: null,
  base: null,
  comparison: IDLE,
  reality: IDLE,
  differing: NOTHING_DIFFERS,
  reading: null,
};

/** What views ask of the built engines. */
export type EngineRequest =
  | { readonly do: 'show' | 'close'; readonly id: string }
  /** Without a side: the next one. */
  | { readonly do: 'side'; readonly side?: EngineSide }
  /** Holds the others against this engine. */
  | { readonly do: 'base'; readonly id: string }
  /** Puts an engine beside the one on show; null takes it away. */
  | { readonly do: 'beside'; readonly id: string | null }
  /** Saves a file about the engine on show, or about all that are open. */
  | { readonly do: 'save'; readonly format: EngineFileFormat; readonly all?: boolean }
  /** Saves where the prediction errs, to be sent to those who can mend it. */
  | { readonly do: 'save-reality'; readonly stripNames: boolean }
  | { readonly do: 'section'; readonly section: EngineSection }
  /** Colours boxes by time, or by precision again. */
  | { readonly do: 'heat' };

type WithEngines = Pick<AppState, 'engines'>;

/** The engine on show, whether or not the prediction stands in its place just now. */
export const shownEngine = ({ engines }: WithEngines): OpenedEngine | null =>
  engines.opened.find(({ id }) => id === engines.shown) ?? null;

/** The engine beside the one on show. */
export const besideEngine = ({ engines }: WithEngines): OpenedEngine | null =>
  engines.opened.find(({ id }) => id === engines.beside && id !== engines.shown) ?? null;

/** True where a built engine is on show and there is no model beside it. */
export const standsAlone = (state: Pick<AppState, 'engines' | 'model'>): boolean =>
  state.model === null && shownEngine(state) !== null;

/** The engine that stands in the place of the predicted one or beside it; null where only predictions are on show. */
export const engineInSight = (state: Pick<AppState, 'engines' | 'model'>): OpenedEngine | null =>
  standsAlone(state) || state.engines.side !== 'predicted' || besideEngine(state) !== null
    ? shownEngine(state)
    : null;
