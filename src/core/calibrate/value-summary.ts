import { HIGHEST } from './quantized-type.ts';
import type { QuantizedType } from './quantized-type.ts';
import type { ValueStatistics } from './value-statistics.ts';

/** Bins of the histogram in a summary. */
const SUMMARY_BINS = 64;

/** What calibration saw of a value and made of it: plain data, to be shown or kept. */
export interface ValueSummary {
  readonly value: string;
  readonly minimum: number;
  readonly maximum: number;
  /** Numbers that were seen. */
  readonly count: number;
  readonly type: QuantizedType;
  /** The magnitude that the method chose for this value alone. */
  readonly amax: number;
  /** As stored; larger than `amax` asks for where a shared scale has to serve a wider value too. */
  readonly scale: number;
  /** Share of the numbers beyond what the scale reaches, 0 to 1, as far as the bins tell. */
  readonly clipped: number;
  /** `counts[i]` magnitudes lie in the i-th of 64 equal bins from 0 to `limit`. */
  readonly histogram: { readonly limit: number; readonly counts: readonly number[] };
}

/** Sums statistics up. */
export function summarize(
  value: string,
  { minimum, maximum, count, counts, limit }: ValueStatistics,
  { type, scale, amax }: Pick<ValueSummary, 'type' | 'scale' | 'amax'>,
): ValueSummary {
  const merged = new Array<number>(SUMMARY_BINS).fill(0);
  const perBin = counts.length / SUMMARY_BINS;
  // Half a bin of tolerance: the scale was rounded.
  const reach = limit === 0 ? counts.length : (scale * HIGHEST[type] * counts.length) / limit;
  let beyond = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    merged[Math.floor(bin / perBin)]! += counts[bin]!;
    if (bin >= reach - 0.5) beyond += counts[bin]!;
  }
  const clips = scale * HIGHEST[type] < Math.max(-minimum, maximum) * (1 - 2 ** -10);
  return {
    value,
    minimum,
    maximum,
    count,
    type,
    amax,
    scale,
    clipped: clips ? beyond / count : 0,
    histogram: { limit, counts: merged },
  };
}
