import type { Diagnostic } from '../base/diagnostic.ts';
import type { LayerRef } from '../explain/engine-difference.ts';
import type { BuildMode } from '../sim/target.ts';
import type { AgreementFigures } from './agreement-figures.ts';

/**
 * How the built engine differs from the prediction at some nodes. `split`, `merged`, `regrouped`: the nodes run in more, fewer or
 * other layers; `precision`: in another class of types; `not-built`, `not-predicted`: only one engine has a layer for them;
 * `qdq-kept`, `qdq-gone`: a Q/DQ is a layer of its own in the built engine, or only in the prediction; `reformat-added`,
 * `reformat-gone`: likewise for copies between formats.
 */
export type DisagreementKind =
  | 'split'
  | 'merged'
  | 'regrouped'
  | 'precision'
  | 'not-built'
  | 'not-predicted'
  | 'qdq-kept'
  | 'qdq-gone'
  | 'reformat-added'
  | 'reformat-gone';

/** A rule of the simulator that may have led the prediction astray. */
export interface RuleSuspect {
  readonly ruleId: string;
  /** The builder's name of what the rule retells: `ConvEltwiseSumFusion`. */
  readonly pass: string;
  /** `fired`: it did what TensorRT did not; `refused`: it declined what TensorRT did; `unknown`: no rule of ours looked at it. */
  readonly erred: 'fired' | 'refused' | 'unknown';
  /** `log`: the builder's log shows it; `only`: no other rule is concerned; `suspect`: one of several, or by nodes alone. */
  readonly certainty: 'log' | 'only' | 'suspect';
  /** What speaks for it: a sentence without a full stop. */
  readonly evidence: string;
}

/** One place where prediction and reality part. */
export interface Disagreement {
  readonly kind: DisagreementKind;
  /** ONNX nodes concerned. */
  readonly nodes: readonly string[];
  readonly predicted: readonly LayerRef[];
  readonly built: readonly LayerRef[];
  /** What was predicted and what was built: a sentence without a full stop. */
  readonly text: string;
  /** The most likely first; empty where nothing points to a rule, which `text` of a report should say. */
  readonly suspects: readonly RuleSuspect[];
  /** TensorRT decides this by timing kernels, so that another build may come out otherwise. */
  readonly decidedByTiming: boolean;
  /** Microseconds that the built layers concerned take; null without a profile, 0 where there are none. */
  readonly timeUs: number | null;
}

/** A prediction held against the engine that TensorRT built. Cloneable data. */
export interface RealityComparison {
  readonly format: 'qdq-lab-comparison';
  readonly version: 1;
  /** The built engine's file. */
  readonly engine: string;
  /** What was predicted for. */
  readonly target: string;
  readonly mode: BuildMode;
  readonly trtVersion: string | null;
  readonly gpu: string | null;
  /** `precision` counts for nothing where the file has names alone; `typesKnown` says so. */
  readonly figures: AgreementFigures;
  readonly typesKnown: boolean;
  readonly layersPredicted: number;
  readonly layersBuilt: number;
  /** Costly ones first where times are known; else in the order of the layers. */
  readonly disagreements: readonly Disagreement[];
  /** Share of the built engine's layers that name nodes of the model. */
  readonly nodesFound: number;
  readonly remarks: readonly Diagnostic[];
}
