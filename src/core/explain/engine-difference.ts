import type { EngineDataType } from '../sim/predicted-engine.ts';

/** One layer of one of the two engines. */
export interface LayerRef {
  readonly index: number;
  readonly name: string;
  readonly layerType: string;
  readonly takes: EngineDataType | null;
  readonly gives: EngineDataType | null;
}

/**
 * What happened to a group of ONNX nodes from one engine to the other. `gained` and `lost` are layers that only one of the
 * two has: reformats, Q/DQ copies, or nodes that only one model has.
 */
export type DifferenceKind =
  | 'split'
  | 'merged'
  | 'regrouped'
  | 'precision'
  | 'reformat-gained'
  | 'reformat-lost'
  | 'qdq-gained'
  | 'qdq-lost'
  | 'layer-gained'
  | 'layer-lost';

export interface EngineDifference {
  readonly kind: DifferenceKind;
  /** The ONNX nodes concerned, Q/DQ left out where others are there. */
  readonly nodes: readonly string[];
  readonly before: readonly LayerRef[];
  readonly after: readonly LayerRef[];
  /** Bytes of activations read and written after, less those before. */
  readonly bytes: number;
  /** A sentence without a full stop. */
  readonly text: string;
}
