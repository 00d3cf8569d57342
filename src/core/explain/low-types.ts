import type { EngineDataType, EngineLayer } from '../sim/predicted-engine.ts';

const LOW: ReadonlySet<EngineDataType> = new Set(['Int8', 'UInt8', 'Int4', 'FP8', 'FP4', 'Int2']);
const WEIGHTED: ReadonlySet<string> = new Set([
  'CaskConvolution',
  'CaskConvActPool',
  'CaskDeconvolutionV2',
  'gemm',
]);

/** True for INT8 and everything narrower: what quantization is for. */
export const isLow = (type: EngineDataType | undefined): boolean =>
  type !== undefined && LOW.has(type);

/** `INT8`, `FP8`, `INT4` for quantized types, `float` for float ones, and the engine's name for others. */
export function typeWord(type: EngineDataType | undefined): string {
  if (isLow(type)) return String(type).toUpperCase();
  return type === 'Float' || type === 'Half' || type === 'BFloat16' ? 'float' : String(type);
}

/**
 * The type that decides in which arithmetic a layer runs: that of the data of a convolution or matrix multiplication (a
 * residual beside it may be float), else the first float type among the inputs, if there is one.
 */
export function typeTaken(layer: EngineLayer): EngineDataType | undefined {
  const types = layer.inputs.map((tensor) => tensor.dataType);
  return WEIGHTED.has(layer.layerType)
    ? types[0]
    : (types.find((type) => !isLow(type)) ?? types[0]);
}

/** The first type among the outputs that is not low, else the type of the first output. */
export function typeGiven(layer: EngineLayer): EngineDataType | undefined {
  const types = layer.outputs.map((tensor) => tensor.dataType);
  return types.find((type) => !isLow(type)) ?? types[0];
}
