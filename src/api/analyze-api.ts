import type { Severity } from '../core/base/diagnostic.ts';
import type { Result } from '../core/base/result.ts';
import type { Change } from '../core/explain/change.ts';
import type { EngineDifference } from '../core/explain/engine-difference.ts';
import type { Explanation } from '../core/explain/explanation.ts';
import type { Finding } from '../core/lint/finding.ts';
import type { WeightStats } from '../core/quant/weight-stats.ts';
import type { EngineSummary, PredictedEngine } from '../core/sim/predicted-engine.ts';
import type { Target } from '../core/sim/target.ts';
import type { ModelFacts, NodeDetail, TensorInfo } from './model-facts.ts';
import type { Scene } from './scene.ts';

/** Names one opened model inside the worker. */
export type ModelId = string & { readonly brand: 'ModelId' };

/** How far a long job is. `fraction` is absent where the end is not known. */
export interface Progress {
  readonly step: string;
  readonly fraction?: number;
}

/** What the page shows of a model before anything is predicted. */
export interface ModelSummary extends ModelFacts {
  readonly id: ModelId;
  readonly fileName: string;
  readonly sizeBytes: number;
}

export type { NodeDetail, TensorInfo };
export type { Finding, WeightStats };

/** What a rule of the simulator says about itself: shown wherever a `RuleNote` names it. */
export interface RuleInfo {
  readonly id: string;
  readonly summary: string;
  readonly docs: readonly {
    readonly title: string;
    readonly url: string;
    readonly says: string;
  }[];
  readonly evidence: 'documented' | 'observed' | 'inferred';
}

/** A module that can be folded into one box. */
export interface ModuleInfo {
  /** `/layer1/0`. */
  readonly path: string;
  /** Boxes of the unfolded drawing that are in it. */
  readonly boxCount: number;
}

export type { Change, EngineDifference, Explanation };

/** What a rule of the linter says about itself: shown wherever a `Finding` names it. */
export interface FindingRuleInfo extends Omit<RuleInfo, 'summary'> {
  readonly severity: Severity;
  /** The failing state in a few words, for headings. */
  readonly title: string;
}

/** What the best engine that the graph can have does better than the predicted one. */
export interface Shortfall {
  /** What the reference is built for: the nearest target that allows it. */
  readonly target: Target;
  readonly summary: EngineSummary;
  /** Most costly first. Their `before` are layers of the reference, their `after` those of the prediction. */
  readonly differences: readonly EngineDifference[];
}

/** Why a node is where it is in the engine, and what would change it. */
export interface NodeExplanation {
  readonly explanation: Explanation;
  /** The smallest change of the placement that helps; null where the search found none. */
  readonly change: Change | null;
}

/** A prediction and its drawing. */
export interface PredictionView {
  readonly engine: PredictedEngine;
  readonly scene: Scene;
  /** Milliseconds that simulation and layout took, for the status line. */
  readonly simulateMs: number;
  readonly layoutMs: number;
}

/**
 * What the page asks of `workers/analyze.worker.ts`: cloneable data and Result only. Cancelling a call means
 * terminating the worker; the page then opens the model again from its Blobs, which costs nothing to resend.
 */
export interface AnalyzeApi {
  /** Opens one model; the other files are its external data. */
  open(
    files: readonly File[],
    onProgress?: (progress: Progress) => void,
  ): Promise<Result<ModelSummary>>;
  /**
   * The drawing of the ONNX graph, Q/DQ as badges on edges, constants hidden. Each module path of `folded` is drawn as
   * one box; `SceneBox.path` and `modules` name the paths that are worth folding.
   */
  modelScene(id: ModelId, folded?: readonly string[]): Promise<Result<Scene>>;
  /** The modules of the model by the slashes in node names, outer before inner, in graph order. */
  modules(id: ModelId): Promise<Result<readonly ModuleInfo[]>>;
  predict(
    id: ModelId,
    target: Target,
    onProgress?: (progress: Progress) => void,
  ): Promise<Result<PredictionView>>;
  /**
   * What the linter finds in the model and in its prediction for `target`: refusals of TensorRT first (severity `error`),
   * then what moves most bytes.
   */
  lint(id: ModelId, target: Target): Promise<Result<readonly Finding[]>>;
  node(id: ModelId, name: string): Promise<Result<NodeDetail>>;
  /** The reason and the builder's events for one ONNX node. */
  why(id: ModelId, target: Target, node: string): Promise<Result<Explanation>>;
  /** The same with the smallest change: a search of some tenths of a second, or of seconds in a large network. */
  explain(
    id: ModelId,
    target: Target,
    node: string,
    onProgress?: (progress: Progress) => void,
  ): Promise<Result<NodeExplanation>>;
  /** How likely each predicted layer is as TensorRT builds it, 0 to 1, in the order of the layers. */
  confidence(id: ModelId, target: Target): Promise<Result<readonly number[]>>;
  /** What the engine lacks of the best reachable fusion of the same graph. */
  shortfall(id: ModelId, target: Target): Promise<Result<Shortfall>>;
  weight(id: ModelId, valueName: string): Promise<Result<WeightStats>>;
  /** The catalogue of the simulator's rules; needs no open model. */
  rules(): Promise<readonly RuleInfo[]>;
  /** The catalogue of the linter's rules, likewise. */
  findingRules(): Promise<readonly FindingRuleInfo[]>;
  close(id: ModelId): Promise<void>;
}
