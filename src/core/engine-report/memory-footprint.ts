import type { BuiltEngine, BuiltLayer, BuiltTensor } from '../engine/built-engine.ts';
import { tensorBytes } from '../explain/engine-cost.ts';
import type { EngineFlow } from './engine-flow.ts';

/** Bytes that one layer touches. Tensors whose type or shape the file does not tell count as nothing, and as unknown. */
export interface LayerMemory {
  readonly index: number;
  readonly name: string;
  readonly layerType: string;
  /** Activations read, a tensor that is read twice once. */
  readonly inputBytes: number;
  readonly outputBytes: number;
  /** Weights and bias, also those that Myelin's kernels list among their inputs. */
  readonly weightBytes: number;
  readonly totalBytes: number;
  /** Tensors without a known size. */
  readonly unknownTensors: number;
}

export interface EngineMemory {
  readonly layers: readonly LayerMemory[];
  readonly inputBytes: number;
  readonly outputBytes: number;
  readonly weightBytes: number;
  readonly unknownTensors: number;
  /** Bytes of all distinct tensors between layers: what they would take if no memory were used twice. */
  readonly activationBytes: number;
}

/** Bytes of a tensor; null where its type is not known or a dimension is not a number of elements. */
export const knownBytes = (tensor: BuiltTensor): number | null =>
  tensor.dataType === 'Unknown' || tensor.dims.some((dim) => typeof dim !== 'number' || dim < 0)
    ? null
    : tensorBytes(tensor);

/** The memory traffic of every layer of an engine, constants apart from activations. */
export function memoryFootprint(engine: BuiltEngine, flow: EngineFlow): EngineMemory {
  const layers = engine.layers.map((layer) => layerMemory(layer, flow));
  const sum = (field: 'inputBytes' | 'outputBytes' | 'weightBytes' | 'unknownTensors'): number =>
    layers.reduce((total, layer) => total + layer[field], 0);
  return {
    layers,
    inputBytes: sum('inputBytes'),
    outputBytes: sum('outputBytes'),
    weightBytes: sum('weightBytes'),
    unknownTensors: sum('unknownTensors'),
    activationBytes: activationBytes(engine, flow),
  };
}

/** Bytes that one layer touches. */
export function layerMemory(layer: BuiltLayer, flow: EngineFlow): LayerMemory {
  const constants = layer.inputs.filter((tensor) => flow.isConstant(tensor));
  const inputs = distinct(layer.inputs.filter((tensor) => !flow.isConstant(tensor)));
  const outputs = distinct(layer.outputs);
  const known = [inputs, outputs, constants].map((tensors) =>
    layer.role === 'noop' ? 0 : tensors.reduce((sum, tensor) => sum + (knownBytes(tensor) ?? 0), 0),
  );
  const [inputBytes = 0, outputBytes = 0, constantBytes = 0] = known;
  const weightBytes = layer.weightBytes + constantBytes;
  return {
    index: layer.index,
    name: layer.name,
    layerType: layer.layerType,
    inputBytes,
    outputBytes,
    weightBytes,
    totalBytes: inputBytes + outputBytes + weightBytes,
    unknownTensors: [...inputs, ...outputs].filter((tensor) => knownBytes(tensor) === null).length,
  };
}

/** A kernel that reads slices of one tensor lists it several times, with the dimensions of each slice. */
const distinct = (tensors: readonly BuiltTensor[]): readonly BuiltTensor[] => [
  ...new Map(
    tensors.map((tensor) => [`${tensor.name}\n${tensor.dims.join(',')}`, tensor]),
  ).values(),
];

function activationBytes(engine: BuiltEngine, flow: EngineFlow): number {
  const largest = new Map<string, number>();
  for (const { inputs, outputs } of engine.layers)
    for (const tensor of [...inputs, ...outputs]) {
      if (flow.isConstant(tensor)) continue;
      const bytes = knownBytes(tensor) ?? 0;
      if (bytes > (largest.get(tensor.name) ?? -1)) largest.set(tensor.name, bytes);
    }
  return [...largest.values()].reduce((sum, bytes) => sum + bytes, 0);
}
