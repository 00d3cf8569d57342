import type { Precision } from '../../core/sim/predicted-engine.ts';

/** The two or three characters that stand for a precision wherever its colour does. */
export const PRECISION_SIGN: Readonly<Record<Precision, string>> = {
  int8: 'I8',
  fp8: 'F8',
  int4: 'I4',
  fp16: 'F16',
  bf16: 'B16',
  fp32: 'F32',
  other: '·',
};

/** The precision in words. */
export const PRECISION_NAME: Readonly<Record<Precision, string>> = {
  int8: 'INT8',
  fp8: 'FP8',
  int4: 'INT4',
  fp16: 'FP16',
  bf16: 'BF16',
  fp32: 'FP32',
  other: 'other',
};
