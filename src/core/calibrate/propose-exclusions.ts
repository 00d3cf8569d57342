import type { OutputError } from './output-error.ts';

/** What one layer costs when it alone is quantized. */
export interface LayerSensitivity extends OutputError {
  readonly layer: string;
  readonly opType: string;
}

/** Layers to leave in float, and what that is expected to bring. */
export interface ExclusionProposal {
  /** Names of the layers, the most harmful first. */
  readonly layers: readonly string[];
  /** SQNR in dB that is expected with all layers quantized, and with these left out. */
  readonly expectedSqnrDb: { readonly before: number; readonly after: number };
  /** False when the share of layers that may be left out was used up first. */
  readonly reached: boolean;
}

export interface ExclusionLimits {
  /** What shall be reached; 20 dB unless given: noise of a hundredth of the signal's power, a tenth of its amplitude. */
  readonly targetSqnrDb?: number;
  /** Largest share of the layers that may be left out, 0 to 1; a tenth unless given. */
  readonly mostShare?: number;
}

export const DEFAULT_TARGET_SQNR_DB = 20;
export const DEFAULT_MOST_SHARE = 0.1;

/**
 * Which layers to leave in float: one after the other that with the lowest SQNR, until what is left is expected to reach the
 * target. Expected is the sum of the layers' noise powers, as if their errors were independent: a rule of thumb, which a run
 * of the result has to confirm. A layer with SQNR -Infinity gives NaN or infinite outputs and goes first.
 */
export function proposeExclusions(
  sensitivities: readonly LayerSensitivity[],
  { targetSqnrDb = DEFAULT_TARGET_SQNR_DB, mostShare = DEFAULT_MOST_SHARE }: ExclusionLimits = {},
): ExclusionProposal {
  const sorted = byHarm(sensitivities);
  const most = Math.floor(sorted.length * mostShare);
  const before = expectedSqnrDb(sorted);
  let count = 0;
  while (count < most && expectedSqnrDb(sorted.slice(count)) < targetSqnrDb) count++;
  const after = expectedSqnrDb(sorted.slice(count));
  return {
    layers: sorted.slice(0, count).map(({ layer }) => layer),
    expectedSqnrDb: { before, after },
    reached: after >= targetSqnrDb,
  };
}

/** The most harmful first, equal ones in their order. Not by subtraction: the SQNR of several layers may be infinite. */
export const byHarm = (layers: readonly LayerSensitivity[]): readonly LayerSensitivity[] =>
  [...layers].sort((a, b) => (a.sqnrDb < b.sqnrDb ? -1 : a.sqnrDb > b.sqnrDb ? 1 : 0));

function expectedSqnrDb(layers: readonly LayerSensitivity[]): number {
  const noise = layers.reduce((sum, { sqnrDb }) => sum + 10 ** (-sqnrDb / 10), 0);
  return noise > 0 ? -10 * Math.log10(noise) : Infinity;
}
