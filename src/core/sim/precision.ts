import type { EngineDataType, Precision } from './predicted-engine.ts';

const PRECISIONS: Readonly<Partial<Record<EngineDataType, Precision>>> = {
  Float: 'fp32',
  Half: 'fp16',
  BFloat16: 'bf16',
  Int8: 'int8',
  UInt8: 'int8',
  FP8: 'fp8',
  Int4: 'int4',
};

/** The class of a layer whose arithmetic takes in this type; `other` for indices, truth values and what has no class. */
export const precisionOf = (type: EngineDataType): Precision => PRECISIONS[type] ?? 'other';
