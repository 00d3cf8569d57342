import type { LayerKind } from '../graph/layer-parameters.ts';
import type { SimLayer, SimTensor } from '../graph/sim-graph.ts';

/** Kinds that Myelin compiles when they stand beside what it must compile. Convolution, pooling and resize stay out. */
const JOINS: ReadonlySet<LayerKind> = new Set<LayerKind>([
  'MATRIX_MULTIPLY',
  'NORMALIZATION',
  'SOFTMAX',
  'REDUCE',
  'ELEMENTWISE',
  'ACTIVATION',
  'UNARY',
  'POINTWISE',
  'PARAMETRIC_RELU',
  'SCALE',
  'SHUFFLE',
  'SLICE',
  'CONCATENATION',
  'GATHER',
  'CAST',
  'TOPK',
  'OTHER',
]);

/**
 * The layers that go to Myelin with `seed`: it takes in what reads them, and what only they read. A Q or DQ joins only
 * where everything behind it may join, so that the Q in front of a convolution stays outside. Linear in the size of the
 * region.
 */
export function findRegion(seed: SimLayer): ReadonlySet<SimLayer> {
  const region = new Set<SimLayer>([seed]);
  const open = [seed];
  const add = (layer: SimLayer): void => {
    region.add(layer);
    open.push(layer);
  };
  for (let layer = open.pop(); layer !== undefined; layer = open.pop()) {
    for (const { producer } of layer.inputs)
      if (producer && !region.has(producer) && joinsUpward(producer, region)) add(producer);
    for (const { readers } of layer.outputs)
      for (const reader of readers) if (!region.has(reader) && joinsDownward(reader)) add(reader);
  }
  return region;
}

const isQuantizer = (layer: SimLayer): boolean =>
  layer.kind === 'QUANTIZE' || layer.kind === 'DEQUANTIZE';

function joinsUpward(layer: SimLayer, region: ReadonlySet<SimLayer>): boolean {
  const fits = JOINS.has(layer.kind) || isQuantizer(layer) || layer.kind === 'CONSTANT';
  const inside = layer.outputs.every(
    (tensor) => !tensor.isOutput && tensor.readers.every((reader) => region.has(reader)),
  );
  return fits && inside;
}

function joinsDownward(layer: SimLayer): boolean {
  if (!isQuantizer(layer)) return JOINS.has(layer.kind) && !layer.inputs.some(isFromOutside);
  return (
    !layer.output.isOutput &&
    layer.output.readers.length > 0 &&
    layer.output.readers.every(joinsDownward)
  );
}

/** An Add of a convolution's result stays with the convolution. */
const isFromOutside = ({ producer }: SimTensor): boolean =>
  producer !== null &&
  !JOINS.has(producer.kind) &&
  !isQuantizer(producer) &&
  producer.kind !== 'CONSTANT';
