import type { Diagnostic } from '../core/base/diagnostic.ts';
import type { Result } from '../core/base/result.ts';
import type { EngineDifference } from '../core/explain/engine-difference.ts';
import type { OptimizeSummary, EngineFigures } from '../core/optimize/optimize-report.ts';
import type { PassSite, Step as RewriteStep } from '../core/optimize/step.ts';
import type { EditOption } from '../core/placement/edit-options.ts';
import type { PassChange, PassDecline } from '../core/passes/pass-trace.ts';
import type { Numerics, PassGroup, PassSettings } from '../core/passes/rewrite-pass.ts';
import type { DocLink } from '../core/sim/sim-rule.ts';
import type { Target } from '../core/sim/target.ts';
import type { EngineApi } from './engine-api.ts';
import type { AnalyzeApi, ModelId, ModelSummary, Progress } from './analyze-api.ts';

export type { EditOption, EngineDifference, EngineFigures, OptimizeSummary, PassSite };

/** A placement of Q/DQ as a file holds it (YAML or JSON), in the place of the one that the model has. */
export interface PlacementStep {
  readonly kind: 'placement';
  readonly fileName: string;
  readonly text: string;
}

/** One step from the model that was opened to the one on show, as data. */
export type Step = RewriteStep | PlacementStep;

/** What a pass did at one place, without the edits, which may hold weights. */
export type ChangeView = Omit<PassChange, 'edits'>;

/** A pass, what it would do on the model as it is, and where it finds its pattern but declines. */
export interface PassView {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly group: PassGroup;
  readonly numerics: Numerics;
  readonly docs: readonly DocLink[];
  /** Why it runs only when asked for; absent for passes of the usual pipeline. */
  readonly onRequest?: string;
  readonly proposals: readonly {
    readonly site: string;
    readonly text: string;
    readonly nodes: readonly string[];
  }[];
  readonly declined: readonly PassDecline[];
}

/** A model made by steps from another: held by the worker under an id of its own, so that all else can be asked of it. */
export interface Rewritten {
  readonly summary: ModelSummary;
  readonly changes: readonly ChangeView[];
  readonly declined: readonly PassDecline[];
  /** Values whose quantizers wait for calibration. */
  readonly toCalibrate: readonly string[];
  /** What of a placement found no place. */
  readonly notes: readonly Diagnostic[];
}

/** Two predicted engines of (nearly) the same network. */
export interface EngineComparison {
  readonly before: EngineFigures;
  readonly after: EngineFigures;
  readonly differences: readonly EngineDifference[];
}

/** How the page asks for an optimization. */
export interface OptimizeRequest {
  readonly target: Target;
  /** Ids of passes; the usual ones unless told. */
  readonly passes?: readonly string[];
  /** Ids of passes beside these. */
  readonly extraPasses?: readonly string[];
  readonly settings?: PassSettings;
  readonly budget?: number;
  readonly search?: boolean;
  readonly seed?: number;
}

/** What the laboratory asks of the worker that holds the models; cancelling ends the worker, as everywhere. */
export interface RewriteApi {
  /** Makes the steps on a model; the answer is held as a model of its own until it is closed. */
  rewrite(
    id: ModelId,
    steps: readonly Step[],
    target: Target,
    onProgress?: (progress: Progress) => void,
  ): Promise<Result<Rewritten>>;
  /** What each pass would do on a model. */
  passes(id: ModelId, target: Target): Promise<Result<readonly PassView[]>>;
  /** The steps that lead to a better predicted engine, and what they gain; the model itself stays. */
  optimize(
    id: ModelId,
    request: OptimizeRequest,
    onProgress?: (progress: Progress) => void,
  ): Promise<Result<OptimizeSummary>>;
  /** How the predicted engines of two models differ. */
  compare(before: ModelId, after: ModelId, target: Target): Promise<Result<EngineComparison>>;
  /** The edits of Q/DQ that make sense at a node, a quantizer or a constant. */
  edits(id: ModelId, name: string): Promise<Result<readonly EditOption[]>>;
  /** Where Q/DQ stand, as a file to keep and to apply to another export. */
  placement(id: ModelId): Promise<Result<string>>;
  /** The model as a file: the original bytes, but for what steps changed. */
  save(id: ModelId): Promise<Result<Blob>>;
}

/** All that the page asks of its main worker. */
export type LabApi = AnalyzeApi & RewriteApi & EngineApi;
