import type { BuiltEngine } from '../engine/built-engine.ts';
import { sumLayers } from './engine-summary.ts';
import type { LayerSum } from './engine-summary.ts';
import { grouped, heaviestFirst } from './latency-breakdown.ts';
import { sumTimeUs } from './layer-time.ts';
import { tensorCoreUse } from './tensor-core-use.ts';
import type { TensorCoreUse } from './tensor-core-use.ts';

/** One kernel, and what all layers together that run it take. */
export interface TacticUse extends LayerSum {
  /** Null for layers whose file names no tactic. */
  readonly tactic: string | null;
  readonly tensorCores: TensorCoreUse;
  /** Indices of the layers. */
  readonly indices: readonly number[];
}

/** The kernels of an engine, heaviest first. Each generated kernel of Myelin is one of its own. */
export function tacticTable({ layers }: BuiltEngine): readonly TacticUse[] {
  const total = sumTimeUs(layers);
  return grouped(layers, ({ tactic }) => tactic)
    .map(([tactic, group]) => ({
      tactic,
      tensorCores: tensorCoreUse(tactic),
      ...sumLayers(group, total),
      indices: group.map(({ index }) => index),
    }))
    .sort(heaviestFirst);
}
