import type { DataType } from '../../core/ir/data-type.ts';
import type {
  EngineArithmeticReport,
  EngineRemark,
  EngineTensorError,
} from '../../core/validate/engine-arithmetic/engine-arithmetic-report.ts';
import type {
  AppliedPass,
  BetterScale,
  ClassAgreement,
  ContractBreach,
  EquivalenceReport,
  FloatReport,
  IncomparableTensor,
  LayerError,
  QuantizerError,
  QuantizerRange,
  TensorComparison,
  TensorContract,
  TensorDetail,
  TensorError,
  TensorHistogram,
  Tolerance,
  ValidationReport,
  Verdict,
  VerdictStatus,
} from '../../core/validate/validation-report.ts';
import {
  about,
  constant,
  flag,
  integer,
  list,
  number,
  numberOrWord,
  object,
  oneOf,
  optional,
  text,
  textOf,
} from './schema.ts';
import type { Schema } from './schema.ts';
import { DIAGNOSTIC, ENGINE_TYPE, NUMERICS, TARGET } from './shared-schemas.ts';

/* Numbers that JSON has not are written as the strings Infinity, -Infinity and NaN. */

const ERROR: Schema<TensorError> = object({
  count: integer,
  unequal: about('numbers whose bits differ', integer),
  nonFinite: integer,
  maxAbsError: numberOrWord,
  meanAbsError: numberOrWord,
  relativeError: numberOrWord,
  maxRelativeError: numberOrWord,
  cosine: numberOrWord,
  sqnrDb: about('decibels', numberOrWord),
  rootMeanSquare: numberOrWord,
  step: optional(numberOrWord),
  beyondStep: optional(about('share of the numbers, from 0 to 1', numberOrWord)),
});

const CONTRACT: Schema<TensorContract> = oneOf<TensorContract>({
  untouched: true,
  moved: true,
  'bit-exact': true,
  'one-step': true,
  approximate: true,
  none: true,
});

const COMPARISON: Schema<TensorComparison> = object({
  tensor: text,
  isOutput: flag,
  node: text,
  opType: text,
  order: integer,
  dataType: textOf<DataType>(),
  contract: CONTRACT,
  error: ERROR,
});

const INCOMPARABLE: Schema<IncomparableTensor> = object({
  tensor: text,
  isOutput: flag,
  reason: oneOf<IncomparableTensor['reason']>({
    'missing-before': true,
    'missing-after': true,
    type: true,
    dims: true,
    'not-runnable': true,
  }),
  before: optional(text),
  after: optional(text),
});

const HISTOGRAM: Schema<TensorHistogram> = object({ limit: numberOrWord, counts: list(number) });

const RANGE: Schema<QuantizerRange> = object({
  node: text,
  scale: numberOrWord,
  zeroPoint: number,
  quantizedType: textOf<DataType>(),
  lowest: numberOrWord,
  highest: numberOrWord,
});

/** Samples are plain arrays in JSON. */
const SCATTER: Schema<TensorDetail['scatter']> = { json: list(numberOrWord).json };

const DETAIL: Schema<TensorDetail> = object({
  tensor: text,
  before: HISTOGRAM,
  after: HISTOGRAM,
  quantizer: optional(RANGE),
  scatter: SCATTER,
});

const RUN_FACTS = { batches: integer, groups: integer } as const;

const EQUIVALENCE: Schema<EquivalenceReport> = object({
  ...RUN_FACTS,
  tensors: list(COMPARISON),
  incomparable: list(INCOMPARABLE),
  firstApart: optional(text),
  passes: list(object<AppliedPass>({ passId: text, numerics: NUMERICS, changes: integer })),
  breaches: list(
    object<ContractBreach>({
      tensor: text,
      contract: CONTRACT,
      passes: list(text),
      unequal: integer,
      maxAbsError: numberOrWord,
    }),
  ),
  details: list(DETAIL),
});

const LAYER: Schema<LayerError> = object({
  node: text,
  opType: text,
  output: text,
  order: integer,
  accumulated: ERROR,
  local: optional(ERROR),
});

const QUANTIZER: Schema<QuantizerError> = object({
  node: text,
  value: text,
  range: RANGE,
  count: integer,
  minimum: numberOrWord,
  maximum: numberOrWord,
  saturated: numberOrWord,
  unusedRange: numberOrWord,
  sqnrDb: numberOrWord,
  better: optional(object<BetterScale>({ scale: numberOrWord, gainDb: numberOrWord })),
});

const AGREEMENT: Schema<ClassAgreement> = object({
  output: text,
  rows: integer,
  classes: integer,
  top1: numberOrWord,
  top5: optional(numberOrWord),
});

const FLOAT: Schema<FloatReport> = object({
  ...RUN_FACTS,
  layers: list(LAYER),
  worst: list(text),
  quantizers: list(QUANTIZER),
  outputs: list(COMPARISON),
  incomparable: list(INCOMPARABLE),
  agreement: list(AGREEMENT),
  details: list(DETAIL),
});

const ENGINE: Schema<EngineArithmeticReport> = object({
  ...RUN_FACTS,
  target: TARGET,
  tensors: list(
    object<EngineTensorError>({
      tensor: text,
      isOutput: flag,
      node: text,
      order: integer,
      layer: optional(text),
      engineType: optional(ENGINE_TYPE),
      nodes: list(text),
      quantization: ERROR,
      fusion: ERROR,
      total: ERROR,
      rewrite: optional(ERROR),
      rewriteTotal: optional(ERROR),
    }),
  ),
  worst: list(text),
  firstApart: optional(text),
  remarks: list(object<EngineRemark>({ text, names: list(text) })),
  details: list(DETAIL),
});

export const VALIDATION_SCHEMA: Schema<ValidationReport> = object({
  version: constant(1),
  before: text,
  after: text,
  inputs: text,
  equivalence: optional(EQUIVALENCE),
  float: optional(FLOAT),
  tolerance: optional(
    object<Tolerance>({
      sqnrDb: optional(numberOrWord),
      cosine: optional(number),
      maxAbsError: optional(number),
      top1: optional(number),
    }),
  ),
  verdict: object<Verdict>({
    status: oneOf<VerdictStatus>({ exact: true, within: true, measured: true, failed: true }),
    findings: list(DIAGNOSTIC),
  }),
  engine: optional(about('with --engine', ENGINE)),
  engineProblem: optional(about('why the engine could not be followed', DIAGNOSTIC)),
});
