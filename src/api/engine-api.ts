import type { Result } from '../core/base/result.ts';
import type { BuiltEngine, BuiltLayer } from '../core/engine/built-engine.ts';
import type {
  ComparedChange,
  ComparedGroup,
  EngineComparison as BuiltComparison,
} from '../core/engine-report/compare/engine-comparison.ts';
import type { EngineAnalysis } from '../core/engine-report/engine-analysis.ts';
import type { LayerLine } from '../core/engine-report/layer-lines.ts';
import type { EngineFinding } from '../core/engine-report/lint/engine-finding.ts';
import type {
  Disagreement,
  DisagreementKind,
  RealityComparison,
  RuleSuspect,
} from '../core/reality/reality-comparison.ts';
import type { Target } from '../core/sim/target.ts';
import type { ModelId } from './analyze-api.ts';
import type { Scene } from './scene.ts';

export type { BuiltComparison, ComparedChange, ComparedGroup };
export type { Disagreement, DisagreementKind, RealityComparison, RuleSuspect };
export type { BuiltEngine, BuiltLayer, EngineAnalysis, EngineFinding, LayerLine };

/** Files that what is said of engines can be kept in; drawings are coloured by precision or by time. */
export type EngineFileFormat = 'html' | 'csv' | 'json' | 'xlsx' | 'svg' | 'svg-time';

/** A built engine, its drawing, and all that there is to say of it alone. */
export interface EngineView {
  readonly engine: BuiltEngine;
  /** Ids of boxes are the layers' indices as text. */
  readonly scene: Scene;
  readonly analysis: EngineAnalysis;
}

/**
 * What the page asks about engines that TensorRT built. The page holds them and hands them in: the worker may be ended at any
 * time and remembers nothing of them.
 */
export interface EngineApi {
  /** Reads the files of one or more engines: layer information, profiles, times, logs, manifests. */
  readEngines(files: readonly File[]): Promise<Result<readonly EngineView[]>>;
  /** Engines side by side, aligned by their ONNX nodes; the others are held against the first. */
  compareEngines(engines: readonly BuiltEngine[]): Promise<Result<BuiltComparison>>;
  /** Where the prediction of an open model is right about a built engine, and where it errs. */
  checkPrediction(
    id: ModelId,
    target: Target,
    engine: BuiltEngine,
  ): Promise<Result<RealityComparison>>;
  /** A file about engines, the others held against the first; a drawing is of the first alone. */
  reportEngines(engines: readonly BuiltEngine[], format: EngineFileFormat): Promise<Result<Blob>>;
  /**
   * A zip archive for a bug report: the model's structure without weights, the layers of the engine, and where the prediction
   * parts from them.
   */
  bugReport(
    id: ModelId,
    target: Target,
    engine: BuiltEngine,
    stripNames: boolean,
  ): Promise<Result<Blob>>;
}
