import type {
  EngineGraph,
  EngineLayer,
  EngineTensor,
  Precision,
  PredictedEngine,
  PredictedLayer,
} from '../../core/sim/predicted-engine.ts';

/** The name parts of a layer that a reader looks for: no weights, no Q/DQ. Falls back to the whole name. */
export function mainNodeOf(layer: PredictedLayer): string {
  const known = new Set(layer.nodes);
  const parts = layer.name.split(' + ').filter((part) => known.has(part));
  return parts.find((part) => !isQuantizerName(part)) ?? parts[0] ?? layer.name;
}

/** True for the default names that exporters give to Q and DQ nodes. Used for wording only, never for meaning. */
export const isQuantizerName = (name: string): boolean =>
  /(?:^|\/|_)(?:Quantize|Dequantize)Linear/.test(name);

const FLOAT_PRECISIONS: readonly Precision[] = ['fp16', 'bf16', 'fp32'];

/** True for a layer that computes, and does so in a float type. */
export const computesInFloat = (layer: PredictedLayer): boolean =>
  layer.role === 'compute' && FLOAT_PRECISIONS.includes(layer.precision);

/** True for 16 and 32 bit float tensors. */
export const isFloatTensor = (tensor: EngineTensor): boolean =>
  tensor.dataType === 'Float' || tensor.dataType === 'Half' || tensor.dataType === 'BFloat16';

const TENSOR_PRECISION: Partial<Record<EngineTensor['dataType'], Precision>> = {
  Float: 'fp32',
  Half: 'fp16',
  BFloat16: 'bf16',
  Int8: 'int8',
  FP8: 'fp8',
  Int4: 'int4',
};

/** The precision class by which a tensor is coloured. */
export const precisionOfTensor = (tensor: EngineTensor): Precision =>
  TENSOR_PRECISION[tensor.dataType] ?? 'other';

/** Layers that run at least one of the nodes, in engine order. */
export function layersOfNodes(
  engine: PredictedEngine,
  nodes: readonly string[],
): readonly PredictedLayer[] {
  const wanted = new Set(nodes);
  return engine.layers.filter((layer) => layer.nodes.some((node) => wanted.has(node)));
}

/** The layer by which each node is coloured: the one that computes, if several hold the node. */
export function layerByNode<Layer extends EngineLayer>(
  engine: EngineGraph & { readonly layers: readonly Layer[] },
): ReadonlyMap<string, Layer> {
  const byNode = new Map<string, Layer>();
  for (const layer of engine.layers)
    for (const node of layer.nodes) {
      const known = byNode.get(node);
      if (known === undefined || (known.role !== 'compute' && layer.role === 'compute'))
        byNode.set(node, layer);
    }
  return byNode;
}

/** The nodes, and all that run in one layer with any of them; each once. */
export function fusionGroup(
  layerOf: ReadonlyMap<string, EngineLayer>,
  nodes: readonly string[],
): readonly string[] {
  const together = nodes.flatMap((node) => layerOf.get(node)?.nodes ?? []);
  return [...new Set([...nodes, ...together])];
}
