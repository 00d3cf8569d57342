import type { SimGraph, SimTensor } from '../graph/sim-graph.ts';
import type { EngineDataType } from '../predicted-engine.ts';
import type { Target } from '../target.ts';

/** The type in which a tensor is stored, and whether TensorRT might have chosen another. */
export interface TypeChoice {
  readonly dataType: EngineDataType;
  readonly uncertain: boolean;
}

/**
 * Chooses the float type of each tensor. In strongly typed builds the graph says it. In weakly typed ones TensorRT times
 * FP32 against FP16 kernel by kernel; we say FP16 inside the network where it is allowed, FP32 at its inputs and outputs
 * (which keep their type), and mark the inner ones uncertain. A reshape moves no data, so both its sides have one type.
 */
export function chooseFloatTypes(
  graph: SimGraph,
  target: Target,
): (tensor: SimTensor) => TypeChoice {
  const half = target.mode === 'best' || target.mode === 'fp16';
  const inner = new Set<SimTensor>();
  if (half)
    for (const layer of graph.layers())
      for (const tensor of layer.outputs)
        if (tensor.dataType === 'Float' && !tensor.isOutput && layer.kind !== 'CONSTANT')
          inner.add(tensor);
  while (spreadOverReshapes(graph, inner));
  return (tensor) =>
    inner.has(tensor)
      ? { dataType: 'Half', uncertain: true }
      : { dataType: tensor.dataType, uncertain: false };
}

/** Takes from `inner` what a reshape ties to a tensor outside; true if there was any. */
function spreadOverReshapes(graph: SimGraph, inner: Set<SimTensor>): boolean {
  const before = inner.size;
  for (const layer of graph.layers()) {
    if (layer.kind !== 'SHUFFLE' || layer.parameters.transposes !== false) continue;
    const sides = [layer.input, layer.output];
    if (sides.every((tensor) => tensor.dataType === 'Float'))
      if (sides.some((tensor) => !inner.has(tensor))) sides.forEach((side) => inner.delete(side));
  }
  return inner.size < before;
}
