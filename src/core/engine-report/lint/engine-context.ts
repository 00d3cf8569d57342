import type { BuiltEngine, BuiltLayer } from '../../engine/built-engine.ts';
import { EngineFlow } from '../engine-flow.ts';
import { computesLow } from '../layer-kind.ts';
import { layerTimeUs, sumTimeUs } from '../layer-time.ts';
import type { FindingLayer } from './engine-finding.ts';

/** What rules ask about an engine. */
export class EngineContext {
  readonly engine: BuiltEngine;
  readonly layers: readonly BuiltLayer[];
  readonly flow: EngineFlow;
  /** Microseconds of all layers; null without a profile. */
  readonly totalUs: number | null;
  /** True when a layer computes in INT8 or narrower: an engine without any has no INT8 neighbourhood to be out of. */
  readonly hasLow: boolean;

  constructor(engine: BuiltEngine) {
    this.engine = engine;
    this.layers = engine.layers;
    this.flow = new EngineFlow(engine);
    this.totalUs = sumTimeUs(engine.layers);
    this.hasLow = engine.layers.some(computesLow);
  }

  /** Microseconds of some layers, each once; null without a profile. */
  timeUs(layers: readonly BuiltLayer[]): number | null {
    return this.totalUs === null ? null : (sumTimeUs([...new Set(layers)]) ?? 0);
  }
  /** Of the time of all layers, 0 to 1; null without a profile. */
  share(layer: BuiltLayer): number | null {
    const time = layerTimeUs(layer);
    return time === null || this.totalUs === null || this.totalUs === 0
      ? null
      : time / this.totalUs;
  }
}

export const refTo = ({ index, name }: BuiltLayer): FindingLayer => ({ index, name });
