import type { BuiltLayer } from '../engine/built-engine.ts';
import type { Precision } from '../sim/predicted-engine.ts';

/** Precisions that quantization is for. */
const LOW: ReadonlySet<Precision> = new Set<Precision>(['int8', 'fp8', 'int4']);
const FLOAT: ReadonlySet<Precision> = new Set<Precision>(['fp32', 'fp16', 'bf16']);

/** True for a layer that computes in INT8, FP8 or narrower: copies, which only move or convert, are not counted. */
export const computesLow = ({ role, precision }: BuiltLayer): boolean =>
  role === 'compute' && LOW.has(precision);

/** True for a layer that computes in FP32, FP16 or BF16. */
export const computesFloat = ({ role, precision }: BuiltLayer): boolean =>
  role === 'compute' && FLOAT.has(precision);

/** True for a layer that only moves or converts a tensor: reformats, Q/DQ that no layer took, copies for a concatenation. */
export const isCopy = ({ role }: BuiltLayer): boolean => role === 'reformat' || role === 'qdq';

/** True for a convolution, deconvolution or matrix product: what tensor cores are for. */
export const isWeighted = ({ convolution, layerType, parameterType }: BuiltLayer): boolean =>
  convolution !== null ||
  /gemm|matrixmultiply|fullyconnected/i.test(layerType) ||
  /matrixmultiply|fullyconnected/i.test(parameterType ?? '');

/** What a layer is, beside its implementation: `Convolution` of a `CaskConvolution`; Q/DQ and copies are told apart. */
export function layerKind({ role, origin, layerType, parameterType }: BuiltLayer): string {
  if (role === 'qdq') return 'Q/DQ';
  if (origin === 'CONCAT') return 'Concat copy';
  if (role === 'reformat') return 'Reformat';
  return parameterType ?? layerType;
}
