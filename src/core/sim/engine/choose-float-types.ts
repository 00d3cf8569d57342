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
  spreadOverReshapes(graph, inner);
  return (tensor) =>
    inner.has(tensor)
      ? { dataType: 'Half', uncertain: true }
      : { dataType: tensor.dataType, uncertain: false };
}

/** Takes from `inner` what reshapes tie to a tensor outside, however many stand in a row. */
function spreadOverReshapes(graph: SimGraph, inner: Set<SimTensor>): void {
  const tied = [...graph.layers()]
    .filter(({ kind, parameters }) => kind === 'SHUFFLE' && parameters.transposes === false)
    .map(({ input, output }) => [input, output])
    .filter((sides) => sides.every(({ dataType }) => dataType === 'Float'));
  const bothWays = [...tied, ...[...tied].reverse()];
  let before: number;
  do {
    before = inner.size;
    for (const sides of bothWays)
      if (!sides.every((side) => inner.has(side))) for (const side of sides) inner.delete(side);
  } while (inner.size < before);
}
