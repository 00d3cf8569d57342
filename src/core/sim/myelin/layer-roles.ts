import type { SimLayer, SimTensor } from '../graph/sim-graph.ts';

const ELEMENT_KINDS: ReadonlySet<string> = new Set([
  'ELEMENTWISE',
  'ACTIVATION',
  'UNARY',
  'POINTWISE',
  'SCALE',
]);

/** Computes element by element. */
export const isElementwise = (layer: SimLayer): boolean => ELEMENT_KINDS.has(layer.kind);

/** Moves elements and computes none. */
export const isMoving = (layer: SimLayer): boolean =>
  layer.kind === 'SHUFFLE' || layer.kind === 'SLICE';

const isConstant = (tensor: SimTensor): boolean => tensor.producer?.kind === 'CONSTANT';

/** An element-wise layer whose other operand is constant: a bias or a scale of what `end` makes. */
export const hasConstantOperand = (layer: SimLayer, end: SimLayer): boolean =>
  layer.kind === 'ELEMENTWISE' &&
  layer.inputs.length === 2 &&
  layer.inputs.every((tensor) => tensor === end.output || isConstant(tensor));

/** A product with, or a division by, one constant number. */
export const isScalarFactor = (layer: SimLayer): boolean =>
  layer.kind === 'ELEMENTWISE' &&
  (layer.op === 'PROD' || layer.op === 'DIV') &&
  layer.inputs.some((tensor) => isConstant(tensor) && tensor.producer?.parameters.elements === 1);

/** The sum of what `end` makes and of another computed tensor. */
export const isResidualAdd = (layer: SimLayer, end: SimLayer): boolean =>
  layer.kind === 'ELEMENTWISE' &&
  layer.op === 'SUM' &&
  layer.inputs.some((tensor) => tensor !== end.output && !isConstant(tensor));

/** True where a normalization reads the layer's result, through Q and DQ or not. */
export const leadsToNormalization = (layer: SimLayer): boolean =>
  layer.output.readers.some(
    (reader) =>
      reader.kind === 'NORMALIZATION' ||
      reader.kind === 'REDUCE' ||
      (isQuantizer(reader) && leadsToNormalization(reader)),
  );

const isQuantizer = (layer: SimLayer): boolean =>
  layer.kind === 'QUANTIZE' || layer.kind === 'DEQUANTIZE';

const PICKS: ReadonlySet<string> = new Set(['GATHER', 'SLICE', 'NORMALIZATION']);

/**
 * A float product of one row, picked or normalized right before, with constant weights: no matrix multiplication but
 * products and sums in the kernel that makes the row.
 */
export function isRowProduct({ kind, parameters, inputs, output, producer }: SimLayer): boolean {
  return (
    kind === 'MATRIX_MULTIPLY' &&
    parameters.constantWeights === true &&
    inputs.every((tensor) => tensor.producer?.kind !== 'DEQUANTIZE') &&
    producer !== null &&
    PICKS.has(producer.kind) &&
    output.dims.slice(0, -1).every((dim) => dim === 1)
  );
}

/** Runs alone: what follows needs its whole result. */
export const standsAlone = (layer: SimLayer): boolean =>
  layer.kind === 'SOFTMAX' ||
  layer.op === 'NormalizationStatistics' ||
  layer.op === 'InstanceNormalization';

/** The tensor behind Q and DQ. */
export function behindQuantizers(tensor: SimTensor): SimTensor {
  let source = tensor;
  for (;;) {
    const maker = source.producer;
    if (maker?.kind !== 'QUANTIZE' && maker?.kind !== 'DEQUANTIZE') return source;
    source = maker.input;
  }
}
