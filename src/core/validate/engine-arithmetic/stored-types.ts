import type { EngineDataType, EngineTensor, PredictedEngine } from '../../sim/predicted-engine.ts';

/**
 * The predicted engine with the types that tensors have in a real one, by name. Which of FP32 and FP16 a weakly typed builder
 * stores a tensor in, it decides by timing: where the engine is at hand, its own types are better than predicted ones.
 */
export function withStoredTypes(
  engine: PredictedEngine,
  types: ReadonlyMap<string, EngineDataType>,
): PredictedEngine {
  const retyped = (tensor: EngineTensor): EngineTensor => {
    const dataType = types.get(tensor.name);
    return dataType ? { ...tensor, dataType, uncertain: false } : tensor;
  };
  const layers = engine.layers.map((layer) => ({
    ...layer,
    inputs: layer.inputs.map(retyped),
    outputs: layer.outputs.map(retyped),
  }));
  return { ...engine, layers };
}
