import type {
  EngineDataType,
  EngineLayer,
  EngineTensor,
  PredictedEngine,
} from '../sim/predicted-engine.ts';

const BITS: Readonly<Record<EngineDataType, number>> = {
  Float: 32,
  Int32: 32,
  Int64: 64,
  Half: 16,
  BFloat16: 16,
  Int8: 8,
  UInt8: 8,
  Bool: 8,
  FP8: 8,
  Int4: 4,
  FP4: 4,
  Int2: 2,
  Double: 64,
  Int16: 16,
  UInt16: 16,
  UInt32: 32,
  UInt64: 64,
  Unknown: 0,
};
/** Layers that move no bytes when the network runs. */
const FREE: ReadonlySet<string> = new Set(['noop', 'constant', 'shape']);

/** Bytes of a tensor in the engine; symbolic dimensions count as 1. */
export const tensorBytes = ({ dims, dataType }: EngineTensor): number =>
  Math.ceil(
    (BITS[dataType] * dims.reduce<number>((n, dim) => n * (typeof dim === 'number' ? dim : 1), 1)) /
      8,
  );

/** Bytes of activations that a layer reads and writes: what a layer costs, as far as memory decides. */
export const layerBytes = (layer: EngineLayer): number =>
  FREE.has(layer.role)
    ? 0
    : [...layer.inputs, ...layer.outputs].reduce((sum, tensor) => sum + tensorBytes(tensor), 0);

/** What an engine is judged by when two placements are compared. */
export interface EngineScore {
  readonly layers: number;
  readonly int8Layers: number;
  readonly reformats: number;
  readonly survivingQdq: number;
  /** Bytes of activations that all layers read and write. */
  readonly bytes: number;
}

export function scoreEngine({ summary, layers }: PredictedEngine): EngineScore {
  const { int8Layers, reformats, survivingQdq } = summary;
  const bytes = layers.reduce((sum, layer) => sum + layerBytes(layer), 0);
  return { layers: summary.layers, int8Layers, reformats, survivingQdq, bytes };
}
