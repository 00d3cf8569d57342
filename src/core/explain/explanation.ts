import type { EngineDataType, PredictedLayer, TraceEvent } from '../sim/predicted-engine.ts';

/** The one reason that decided, as a sentence without a full stop: `INT8 in, float out: …`. */
export interface Reason {
  readonly text: string;
  /** The rule of the simulator that declined or fired, where one did. */
  readonly ruleId?: string;
  /** Names of ONNX nodes to blame. */
  readonly nodes: readonly string[];
}

/** Why an ONNX node is in its layer and in its precision. Cloneable. */
export interface Explanation {
  readonly node: string;
  readonly opType: string;
  /** The layer that runs the node; null where no layer does: its work is done before, or costs nothing. */
  readonly layer: PredictedLayer | null;
  /** Types that the layer takes and gives; null where nothing in the engine tells. */
  readonly takes: EngineDataType | null;
  readonly gives: EngineDataType | null;
  readonly reason: Reason;
  /** How likely the layer is as TensorRT builds it, from 0 to 1 (see `confidence`); null without a layer. */
  readonly confidence: number | null;
  /** What fired and what was refused on the way, in the order in which it happened. */
  readonly events: readonly TraceEvent[];
}
