import type { BuiltLayer } from '../engine/built-engine.ts';

/**
 * Microseconds by which a layer is judged: its median, which one slow run does not move, else its average (profiles before
 * TensorRT 8.4 have no median). Null without a profile, and where the profile does not name the layer.
 */
export const layerTimeUs = ({ time }: BuiltLayer): number | null =>
  time === null ? null : (time.medianUs ?? time.averageUs);

/** The sum over layers in microseconds; null where no layer of them has a time. */
export function sumTimeUs(layers: readonly BuiltLayer[]): number | null {
  const times = layers.map(layerTimeUs).filter((time) => time !== null);
  return times.length === 0 ? null : times.reduce((sum, time) => sum + time, 0);
}

/** `part` of `whole`, 0 to 1; null where one of them is not known or the whole is nothing. */
export const shareOf = (part: number | null, whole: number | null): number | null =>
  part === null || whole === null || whole === 0 ? null : part / whole;
