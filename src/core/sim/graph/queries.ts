import type { SimLayer, SimTensor } from './sim-graph.ts';

/** The Q that is the only reader of a tensor, if so. */
export function soleQuantize(tensor: SimTensor): SimLayer | null {
  const reader = tensor.soleReader();
  return reader?.kind === 'QUANTIZE' ? reader : null;
}

/** The DQ that makes a tensor, if so. */
export const dequantizeOf = (tensor: SimTensor | undefined): SimLayer | null =>
  tensor?.producer?.kind === 'DEQUANTIZE' ? tensor.producer : null;

/** True when a tensor comes from a constant, through Q, DQ or copies. */
export function isWeightTensor(tensor: SimTensor | undefined): boolean {
  let maker = tensor?.producer;
  while (maker?.kind === 'QUANTIZE' || maker?.kind === 'DEQUANTIZE' || maker?.op === 'Identity')
    maker = maker.producer;
  return maker?.kind === 'CONSTANT';
}

/** Inputs that are computed when the network runs. */
export const dataInputs = (layer: SimLayer): SimTensor[] =>
  layer.inputs.filter((tensor) => !isWeightTensor(tensor));

/** Readers other than `reader`, for a refusal that names them. */
export const otherReaders = (tensor: SimTensor, reader: SimLayer): SimLayer[] =>
  tensor.readers.filter((other) => other !== reader);

/** True for a convolution or deconvolution. */
export const isConvolution = (layer: SimLayer): boolean =>
  layer.kind === 'CONVOLUTION' || layer.kind === 'DECONVOLUTION';

/** Relu and what TensorRT treats alike: a Clip from 0. */
export const isReluLike = (layer: SimLayer): boolean =>
  layer.kind === 'ACTIVATION' &&
  (layer.op === 'Relu' || (layer.op === 'Clip' && layer.parameters.minimum === 0));

/** The name that the inspector gives to an activation fused into a layer. */
export const activationName = (layer: SimLayer): string =>
  layer.op === 'Clip' ? 'CLIPPED_RELU' : 'RELU';

/** True where two tensors have the same known dimensions, so that nothing is broadcast. */
export const sameDims = (a: SimTensor, b: SimTensor): boolean =>
  a.dims.length === b.dims.length && a.dims.every((dim, i) => dim === b.dims[i]);

/**
 * Layers through which a value may be quantized before or after with the same result, as real engines show: they
 * move or pick elements and compute none. Slices that skip elements and linear resizing are not among them.
 */
export function commutesWithQuantization(layer: SimLayer): boolean {
  switch (layer.kind) {
    case 'SHUFFLE':
      return true;
    case 'CAST':
      return layer.op === 'Identity';
    case 'POOLING':
      return layer.op === 'MAX';
    case 'RESIZE':
      return layer.op === 'NEAREST';
    case 'SLICE':
      return layer.op === 'Pad' ? layer.parameters.fill === 0 : layer.parameters.strided !== true;
    default:
      return false;
  }
}
