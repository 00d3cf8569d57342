import type { Dim } from '../ir/graph.ts';
import type { BuildMode, Target } from './target.ts';

/**
 * Element types that an engine tensor can have, spelled as TensorRT's inspector does. `Unknown`: a file does not say, or says
 * it in words that we do not know. From `Double` on, only built engines have them.
 */
export type EngineDataType =
  | 'Float'
  | 'Half'
  | 'BFloat16'
  | 'Int8'
  | 'Int4'
  | 'Int32'
  | 'Int64'
  | 'UInt8'
  | 'Bool'
  | 'FP8'
  | 'FP4'
  | 'Int2'
  | 'Double'
  | 'Int16'
  | 'UInt16'
  | 'UInt32'
  | 'UInt64'
  | 'Unknown';

/**
 * Storage order of an engine tensor (TensorRT's `TensorFormat`). `UNKNOWN`: the file does not say, as from TensorRT 9 on. From
 * `CHW16` on, only built engines have them.
 */
export type TensorFormat =
  | 'LINEAR'
  | 'CHW2'
  | 'CHW4'
  | 'CHW32'
  | 'HWC'
  | 'HWC8'
  | 'HWC16'
  | 'CHW16'
  | 'CHW64'
  | 'HWC4'
  | 'DHWC'
  | 'DHWC8'
  | 'CDHW32'
  | 'UNKNOWN';

/** An edge of the engine graph. */
export interface EngineTensor {
  readonly name: string;
  readonly dims: readonly Dim[];
  readonly dataType: EngineDataType;
  readonly format: TensorFormat;
  /** True where TensorRT decides by timing, so that the real engine may differ. */
  readonly uncertain?: boolean;
}

/** Precision class by which layers are coloured: what a layer's arithmetic takes in. */
export type Precision = 'int8' | 'fp8' | 'int4' | 'fp16' | 'bf16' | 'fp32' | 'other';

/** What one layer is, beside its type. `reformat`, `noop` and `qdq` are the layers that nobody asked for. */
export type LayerRole = 'compute' | 'reformat' | 'noop' | 'qdq' | 'constant' | 'shape';

/** One rule that had a say about a layer. */
export interface RuleNote {
  readonly ruleId: string;
  /** `fired`: the rule shaped this layer; `refused`: it matched here and declined. */
  readonly outcome: 'fired' | 'refused';
  /** What was done, or why not: lower case, no full stop. */
  readonly text: string;
  /** Names of ONNX nodes concerned or to blame. */
  readonly nodes: readonly string[];
}

/** What there is to say of a layer, be its engine predicted or built. Field names follow TensorRT's inspector where it has them. */
export interface EngineLayer {
  readonly index: number;
  /** Real naming: `w + QuantizeLinear_1 + Conv_0 + Relu_0`. */
  readonly name: string;
  readonly layerType: string;
  readonly role: LayerRole;
  readonly origin?: 'QDQ' | 'REFORMAT' | 'CAST' | 'CONCAT';
  readonly activation?: string;
  readonly precision: Precision;
  readonly inputs: readonly EngineTensor[];
  readonly outputs: readonly EngineTensor[];
  /** Names of the ONNX nodes that this layer runs or absorbed, Q/DQ included, in the order in which it took them. */
  readonly nodes: readonly string[];
  /** True where TensorRT decides by timing; a built engine leaves nothing open. */
  readonly uncertain?: boolean;
}

/** A layer of the predicted engine. */
export interface PredictedLayer extends EngineLayer {
  readonly uncertain: boolean;
  readonly notes: readonly RuleNote[];
}

/** What drawings and comparisons need of an engine, be it predicted or built. */
export interface EngineGraph {
  readonly layers: readonly EngineLayer[];
  /** Names of the network's inputs and outputs. */
  readonly bindings: readonly string[];
}

/** One event of the simulated builder, in the order in which it happened. */
export interface TraceEvent {
  /** Phase as the builder's log names it: `QDQ graph optimizer quantization pass - Generate quantized ops`. */
  readonly phase: string;
  /** Pass as the builder's log names it: `ConvReluFusion`. */
  readonly pass: string;
  /** Simulator-graph node on which it ran (the name in the log). */
  readonly node: string;
  readonly ruleId: string;
  readonly outcome: 'fired' | 'refused';
  readonly text: string;
  readonly nodes: readonly string[];
}

/** How many layers are left after a phase, as the builder's log counts them. */
export interface PhaseCount {
  readonly phase: string;
  readonly layers: number;
}

export interface EngineSummary {
  readonly layers: number;
  readonly computeLayers: number;
  /** Layers of role `compute` that take INT8 (or lower) in and run in it. */
  readonly int8Layers: number;
  readonly reformats: number;
  readonly survivingQdq: number;
  readonly noops: number;
}

/** What we expect TensorRT to build. */
export interface PredictedEngine extends EngineGraph {
  readonly target: Target;
  readonly mode: BuildMode;
  readonly layers: readonly PredictedLayer[];
  readonly trace: readonly TraceEvent[];
  readonly counts: readonly PhaseCount[];
  readonly summary: EngineSummary;
  /** Things to know that are no refusal: nearest known version taken, operator not modelled, … */
  readonly remarks: readonly string[];
}
