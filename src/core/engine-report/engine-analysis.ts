import type { BuiltEngine } from '../engine/built-engine.ts';
import { convolutionEfficiency } from './convolution-efficiency.ts';
import type { ConvolutionReport } from './convolution-efficiency.ts';
import { EngineFlow } from './engine-flow.ts';
import { engineFigures } from './engine-summary.ts';
import type { EngineFigures } from './engine-summary.ts';
import { latencyBreakdown } from './latency-breakdown.ts';
import type { LatencyBreakdown } from './latency-breakdown.ts';
import { layerLines } from './layer-lines.ts';
import type { LayerLine } from './layer-lines.ts';
import type { EngineFinding } from './lint/engine-finding.ts';
import { lintEngine } from './lint/lint-engine.ts';
import { memoryFootprint } from './memory-footprint.ts';
import type { EngineMemory } from './memory-footprint.ts';
import { tacticTable } from './tactic-table.ts';
import type { TacticUse } from './tactic-table.ts';

/** All that there is to say of one real engine. Cloneable data: it crosses workers and is what `--json` prints. */
export interface EngineAnalysis {
  readonly figures: EngineFigures;
  /** In the order of the engine. */
  readonly layers: readonly LayerLine[];
  readonly latency: LatencyBreakdown;
  readonly tactics: readonly TacticUse[];
  readonly memory: EngineMemory;
  readonly convolutions: ConvolutionReport;
  readonly findings: readonly EngineFinding[];
}

/** Analyses an engine, with or without a profile. */
export function analyseEngine(engine: BuiltEngine): EngineAnalysis {
  const flow = new EngineFlow(engine);
  const memory = memoryFootprint(engine, flow);
  return {
    figures: engineFigures(engine, memory),
    layers: layerLines(engine, flow),
    latency: latencyBreakdown(engine),
    tactics: tacticTable(engine),
    memory,
    convolutions: convolutionEfficiency(engine, flow),
    findings: lintEngine(engine),
  };
}
