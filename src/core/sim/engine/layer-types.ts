import type { SimLayer } from '../graph/sim-graph.ts';
import type { LayerRole } from '../predicted-engine.ts';

/** What a layer is called in the engine, and what it is there for. */
export interface EngineLayerType {
  readonly layerType: string;
  readonly role: LayerRole;
  readonly origin?: 'QDQ' | 'REFORMAT' | 'CAST' | 'CONCAT';
}

const compute = (layerType: string): EngineLayerType => ({ layerType, role: 'compute' });
const qdq: EngineLayerType = { layerType: 'Reformat', role: 'qdq', origin: 'QDQ' };
const noop: EngineLayerType = { layerType: 'NoOp', role: 'noop' };

/** The inspector's names for layer types, as TensorRT 8.6 and 10.6 print them. */
export function engineLayerType(layer: SimLayer): EngineLayerType {
  switch (layer.kind) {
    case 'CONSTANT':
      return { layerType: 'Constant', role: 'constant' };
    case 'QUANTIZE':
    case 'DEQUANTIZE':
      return qdq;
    case 'CONVOLUTION':
      return compute(layer.op === 'ConvActPool' ? 'CaskConvActPool' : 'CaskConvolution');
    case 'DECONVOLUTION':
      return compute('CaskDeconvolutionV2');
    case 'POINTWISE':
    case 'ACTIVATION':
    case 'UNARY':
    case 'ELEMENTWISE':
    case 'PARAMETRIC_RELU':
      return compute('PointWiseV2');
    case 'SCALE':
      return layer.op === 'Requantize' ? qdq : compute('Scale');
    case 'POOLING':
      return compute('CaskPooling');
    case 'SOFTMAX':
      return compute('CaskSoftMaxV2');
    case 'SHUFFLE':
      return layer.parameters.transposes === false ? noop : compute('Shuffle');
    case 'CAST':
      if (layer.op === 'ConcatCopy')
        return { layerType: 'Reformat', role: 'reformat', origin: 'CONCAT' };
      return layer.op === 'Identity'
        ? noop
        : { layerType: 'Cast', role: 'compute', origin: 'CAST' };
    case 'MYELIN':
      return compute(layer.op);
    default:
      return compute(NAMES[layer.kind] ?? layer.op);
  }
}

const NAMES: Readonly<Partial<Record<SimLayer['kind'], string>>> = {
  MATRIX_MULTIPLY: 'gemm',
  NORMALIZATION: 'kgen',
  CONCATENATION: 'Concat',
  SLICE: 'Slice',
  RESIZE: 'Resize',
  REDUCE: 'Reduce',
  GATHER: 'Gather',
  TOPK: 'TopK',
};
