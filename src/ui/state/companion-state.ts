import type { ArtefactFile, CompanionStatus } from '../../api/companion-api.ts';
import type { Diagnostic } from '../../core/base/diagnostic.ts';
import type { Artefact, BuildOutcome } from '../../core/engine/build-manifest.ts';
import type { BuildMode } from '../../core/sim/target.ts';
import type { Loadable } from './loadable.ts';
import { IDLE } from './loadable.ts';

/** How to build, as the dialog asks for it. */
export interface BuildWish {
  /** Null for that of the target. */
  readonly mode: BuildMode | null;
  /** Null for all the memory there is. */
  readonly workspaceMb: number | null;
  /** Sizes of dynamic dimensions by name. */
  readonly dims: Readonly<Record<string, number>>;
}

/** The build that this page asked for. */
export interface CompanionJob {
  /** Null before the server knows it. */
  readonly id: string | null;
  readonly model: string;
  readonly stage: 'sending' | 'queued' | 'building' | 'fetching' | 'ended';
  readonly step: string;
  /** 0 to 1; null where the end is not known. */
  readonly fraction: number | null;
  /** Jobs before it in the queue. */
  readonly ahead: number;
  /** Null until it is ended, and where it broke off. */
  readonly outcome: BuildOutcome | null;
  readonly problem: Diagnostic | null;
  readonly files: readonly ArtefactFile[];
}

/** All that the page knows about the server that builds for it. */
export interface CompanionState {
  /** Whether the dialog is open. */
  readonly shown: boolean;
  /** Whether this page came from such a server. */
  readonly hasToken: boolean;
  readonly status: Loadable<CompanionStatus>;
  readonly wish: BuildWish;
  readonly job: CompanionJob | null;
}

export const INITIAL_COMPANION: CompanionState = {
  shown: false,
  hasToken: false,
  status: IDLE,
  wish: { mode: null, workspaceMb: null, dims: {} },
  job: null,
};

/** What the dialog asks for. */
export type CompanionRequest =
  | { readonly do: 'open' | 'close' | 'look' | 'start' | 'cancel' | 'again' }
  | { readonly do: 'wish'; readonly patch: Partial<BuildWish> }
  | { readonly do: 'save'; readonly kind: Artefact };
