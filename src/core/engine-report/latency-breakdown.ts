import type { BuiltEngine, BuiltLayer } from '../engine/built-engine.ts';
import type { Precision } from '../sim/predicted-engine.ts';
import { sumLayers } from './engine-summary.ts';
import type { LayerSum } from './engine-summary.ts';
import { layerKind } from './layer-kind.ts';
import { sumTimeUs } from './layer-time.ts';

/** Layers of one type, what they take, and in which precisions they run. */
export interface TypeLatency extends LayerSum {
  /** `Convolution`, `Q/DQ`, `Reformat`, `kgen`, … */
  readonly type: string;
  /** Heaviest first. */
  readonly precisions: readonly PrecisionLatency[];
}

export interface PrecisionLatency extends LayerSum {
  readonly precision: Precision;
}

/** Where the time goes: by what layers are, and by the precision in which they run. Heaviest first. */
export interface LatencyBreakdown {
  readonly byType: readonly TypeLatency[];
  readonly byPrecision: readonly PrecisionLatency[];
}

export function latencyBreakdown({ layers }: BuiltEngine): LatencyBreakdown {
  const total = sumTimeUs(layers);
  const byPrecision = (some: readonly BuiltLayer[]): readonly PrecisionLatency[] =>
    grouped(some, ({ precision }) => precision)
      .map(([precision, group]) => ({ precision, ...sumLayers(group, total) }))
      .sort(heaviestFirst);
  return {
    byType: grouped(layers, layerKind)
      .map(([type, group]) => ({
        type,
        ...sumLayers(group, total),
        precisions: byPrecision(group),
      }))
      .sort(heaviestFirst),
    byPrecision: byPrecision(layers),
  };
}

/** By time, without a profile by count. */
export const heaviestFirst = (a: LayerSum, b: LayerSum): number =>
  (b.timeUs ?? 0) - (a.timeUs ?? 0) || b.layers - a.layers;

/** Layers under the keys that `keyOf` gives them, in the order of their first. */
export function grouped<K>(
  layers: readonly BuiltLayer[],
  keyOf: (layer: BuiltLayer) => K,
): readonly (readonly [K, readonly BuiltLayer[]])[] {
  const groups = new Map<K, BuiltLayer[]>();
  for (const layer of layers) {
    const key = keyOf(layer);
    const group = groups.get(key);
    if (group) group.push(layer);
    else groups.set(key, [layer]);
  }
  return [...groups];
}
