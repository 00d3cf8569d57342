import type { BuiltEngine, BuiltLayer, IoTensor, LatencyFigures } from '../engine/built-engine.ts';
import { computesLow } from './layer-kind.ts';
import { shareOf, sumTimeUs } from './layer-time.ts';
import type { EngineMemory } from './memory-footprint.ts';

/** How many layers of one sort there are, and what they take. */
export interface LayerSum {
  readonly layers: number;
  /** Microseconds; null without a profile. */
  readonly timeUs: number | null;
  /** Of the time of all layers, 0 to 1; null without a profile. */
  readonly timeShare: number | null;
}

/** The engine in a few figures. */
export interface EngineFigures {
  readonly name: string;
  readonly trtVersion: string | null;
  readonly gpu: string | null;
  readonly inputs: readonly IoTensor[];
  readonly outputs: readonly IoTensor[];
  readonly layers: number;
  /** Sum over all layers, in microseconds; more than the latency, because the profiler puts an event between layers. */
  readonly layerTimeUs: number | null;
  readonly latency: LatencyFigures | null;
  readonly profiledRuns: number | null;
  readonly compute: LayerSum;
  /** Layers that compute in INT8, FP8 or narrower. */
  readonly low: LayerSum;
  /** `low` of `compute`, by count, 0 to 1; null in an engine without computing layers. */
  readonly lowShare: number | null;
  /** Computing layers of which the file does not tell a precision, such as whole regions of TensorRT's compiler before 9. */
  readonly untold: LayerSum;
  readonly reformats: LayerSum;
  /** Q and DQ that no layer took. */
  readonly quantizers: LayerSum;
  readonly noops: number;
  readonly weightBytes: number;
  /** Bytes of all distinct tensors between layers, as if no memory were used twice. */
  readonly activationBytes: number;
  /** Layers without a time although others have one. */
  readonly untimedLayers: number;
}

/** What people ask first about an engine. */
export function engineFigures(engine: BuiltEngine, memory: EngineMemory): EngineFigures {
  const { layers, ioTensors } = engine;
  const total = sumTimeUs(layers);
  const sum = (accept: (layer: BuiltLayer) => boolean): LayerSum =>
    sumLayers(layers.filter(accept), total);
  const compute = sum(({ role }) => role === 'compute');
  const low = sum(computesLow);
  return {
    name: engine.name,
    trtVersion: engine.trtVersion,
    gpu: engine.gpu,
    inputs: ioTensors.filter(({ mode }) => mode === 'input'),
    outputs: ioTensors.filter(({ mode }) => mode === 'output'),
    layers: layers.length,
    layerTimeUs: total,
    latency: engine.latency,
    profiledRuns: engine.profiledRuns,
    compute,
    low,
    lowShare: shareOf(low.layers, compute.layers),
    untold: sum(({ role, precision }) => role === 'compute' && precision === 'other'),
    reformats: sum(({ role }) => role === 'reformat'),
    quantizers: sum(({ role }) => role === 'qdq'),
    noops: layers.filter(({ role }) => role === 'noop').length,
    weightBytes: memory.weightBytes,
    activationBytes: memory.activationBytes,
    untimedLayers: total === null ? 0 : layers.filter(({ time }) => time === null).length,
  };
}

/** Count, time and share of `totalUs` of some layers; time 0 rather than null when the engine has a profile. */
export function sumLayers(layers: readonly BuiltLayer[], totalUs: number | null): LayerSum {
  const timeUs = totalUs === null ? null : (sumTimeUs(layers) ?? 0);
  return { layers: layers.length, timeUs, timeShare: shareOf(timeUs, totalUs) };
}
