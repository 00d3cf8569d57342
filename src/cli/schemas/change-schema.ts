import type {
  ExclusionProposal,
  LayerSensitivity,
} from '../../core/calibrate/propose-exclusions.ts';
import type { SensitivityReport } from '../../core/calibrate/sensitivity.ts';
import type { ValueSummary } from '../../core/calibrate/value-summary.ts';
import type { EnginePrice } from '../../core/optimize/engine-price.ts';
import type {
  EngineFigures,
  LeftOut,
  OptimizeChange,
} from '../../core/optimize/optimize-report.ts';
import type { PassDecline } from '../../core/passes/pass-trace.ts';
import type { ChangeReport, ScalesReport } from '../change-report.ts';
import {
  about,
  byName,
  flag,
  integer,
  list,
  number,
  numberOrNull,
  object,
  optional,
  orNull,
  text,
  textOf,
} from './schema.ts';
import type { Schema } from './schema.ts';
import { ENGINE_DIFFERENCE, NUMERICS, SCORE_FIELDS, TARGET } from './shared-schemas.ts';

export const OPTIMIZE_CHANGE: Schema<OptimizeChange> = object({
  source: about('the pass that made it, or search', text),
  text,
  reason: text,
  nodes: list(text),
  numerics: NUMERICS,
});

const FIGURES: Schema<EngineFigures> = object({
  ...SCORE_FIELDS,
  price: object<EnginePrice>({
    timeUs: about('microseconds, as the model of cost has it', number),
    work: about('multiply-adds', number),
    lowWork: about('multiply-adds in 8 bits or less', number),
    copies: integer,
  }),
});

const VALUE_SUMMARY: Schema<ValueSummary> = object({
  value: text,
  minimum: numberOrNull,
  maximum: numberOrNull,
  count: number,
  type: textOf<ValueSummary['type']>(),
  amax: numberOrNull,
  scale: number,
  clipped: about('share from 0 to 1', number),
  histogram: object<ValueSummary['histogram']>({ limit: number, counts: list(number) }),
});

const SCALES: Schema<ScalesReport> = object({
  method: text,
  source: text,
  scales: about('by the value that is quantized', byName(number)),
  values: list(VALUE_SUMMARY),
});

const SENSITIVITY: Schema<SensitivityReport> = object({
  layers: list(
    object<LayerSensitivity>({
      layer: text,
      opType: text,
      output: text,
      sqnrDb: numberOrNull,
      maxAbsError: numberOrNull,
      cosine: numberOrNull,
    }),
  ),
  proposal: object<ExclusionProposal>({
    layers: list(text),
    expectedSqnrDb: object<ExclusionProposal['expectedSqnrDb']>({
      before: numberOrNull,
      after: numberOrNull,
    }),
    reached: flag,
  }),
  batches: integer,
});

/** What `optimize` and `quantize` print, and what their reports ending in .json hold. */
export const CHANGE_SCHEMA: Schema<ChangeReport> = object({
  verb: text,
  input: text,
  output: orNull(text),
  target: TARGET,
  changes: list(OPTIMIZE_CHANGE),
  leftOut: list(object<LeftOut>({ passId: text, site: text, text })),
  declined: list(
    object<PassDecline>({ passId: text, site: text, reason: text, nodes: list(text) }),
  ),
  before: FIGURES,
  after: FIGURES,
  differences: list(ENGINE_DIFFERENCE),
  toCalibrate: about('values whose scales stand at 1 until calibration', list(text)),
  simulations: integer,
  budgetSpent: flag,
  scales: optional(SCALES),
  sensitivity: optional(SENSITIVITY),
});
