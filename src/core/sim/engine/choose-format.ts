import type { SimLayer, SimTensor } from '../graph/sim-graph.ts';
import type { EngineDataType, TensorFormat } from '../predicted-engine.ts';

const channelsOf = (tensor: SimTensor): number => {
  const channels = tensor.dims[1];
  return typeof channels === 'number' ? channels : Infinity;
};

/** Vector formats exist for images: batch, channels and two or three spatial dimensions. */
const isImage = (tensor: SimTensor): boolean =>
  tensor.dims.length === 4 || tensor.dims.length === 5;

/** True for layers whose INT8 kernels take and give vector formats only. */
const needsVectors = (layer: SimLayer): boolean =>
  layer.kind === 'CONVOLUTION' || layer.kind === 'DECONVOLUTION' || layer.kind === 'POOLING';

/**
 * The storage order in which a tensor most likely lies: INT8 images in CHW32 (CHW4 up to four channels), everything that
 * has no channels to pack linear. Real engines of 8.6 print it; later ones do not (seen in the 8.6.1 engines).
 */
export function formatOf(tensor: SimTensor, dataType: EngineDataType): TensorFormat {
  if (dataType !== 'Int8' || !isImage(tensor) || isLinear(tensor)) return 'LINEAR';
  return channelsOf(tensor) <= 4 ? 'CHW4' : 'CHW32';
}

/** What comes out of a reshape keeps the bytes of what went in; more than five dimensions have no vector format. */
function isLinear(tensor: SimTensor): boolean {
  const maker = tensor.producer;
  if (maker?.kind !== 'SHUFFLE') return false;
  return maker.parameters.transposes === false && !isImage(maker.input);
}

/** The format that `layer` needs its input in, when that is not the one it lies in; a reformat then stands between. */
export function forcedFormat(
  layer: SimLayer,
  tensor: SimTensor,
  lies: TensorFormat,
): TensorFormat | null {
  if (!layer.quantized || !needsVectors(layer)) return null;
  if (tensor.dataType !== 'Int8' || !isImage(tensor)) return null;
  if (lies === 'CHW32') return readsInFours(layer, tensor) ? 'CHW4' : null;
  return lies === 'LINEAR' ? 'CHW32' : null;
}

/**
 * The kernel of INT8 depthwise convolutions that give float out reads CHW4 (efficientnet_b0.convs, convnext_atto). A Q
 * writes that at once; a convolution before it writes CHW32, and a reformat follows.
 */
const readsInFours = (layer: SimLayer, tensor: SimTensor): boolean =>
  layer.kind === 'CONVOLUTION' &&
  layer.input === tensor &&
  layer.parameters.groups === channelsOf(tensor) &&
  layer.output.dataType !== 'Int8' &&
  tensor.producer?.kind === 'CONVOLUTION';
