import type { PassSettings } from '../passes/rewrite-pass.ts';
import type { Target } from '../sim/target.ts';

/** How a model is optimized. */
export interface OptimizeOptions {
  readonly target: Target;
  /** Ids of the passes that may run; the usual ones unless told. */
  readonly passes?: readonly string[];
  readonly settings?: PassSettings;
  /** Engines that may be predicted in all; without any left for it nothing is searched. */
  readonly budget: number;
  /** Whether edits beyond the passes are searched. */
  readonly search: boolean;
  /** Settles the order among equals: the same seed gives the same result. */
  readonly seed: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (step: string, fraction: number) => void;
  /** Lets messages come in now and then; without it an abort is only seen where the caller awaits. */
  readonly pause?: () => Promise<void>;
}

/** What the command line and the page take unless they are told. */
export const USUAL_OPTIONS = { budget: 3000, search: true, seed: 1 } as const;
