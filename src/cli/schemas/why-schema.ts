import type { Change } from '../../core/explain/change.ts';
import type { Explanation, Reason } from '../../core/explain/explanation.ts';
import type { PlacementEdit } from '../../core/placement/placement-edit.ts';
import type {
  EngineTensor,
  LayerRole,
  Precision,
  PredictedLayer,
  RuleNote,
  TensorFormat,
  TraceEvent,
} from '../../core/sim/predicted-engine.ts';
import type { Answer } from '../why-text.ts';
import {
  about,
  anyOf,
  flag,
  integer,
  list,
  number,
  object,
  oneOf,
  optional,
  orNull,
  text,
  textOf,
} from './schema.ts';
import type { Schema } from './schema.ts';
import { ENGINE_DIFFERENCE, ENGINE_SCORE, ENGINE_TYPE, TARGET } from './shared-schemas.ts';

const OUTCOME = oneOf<TraceEvent['outcome']>({ fired: true, refused: true });

const ENGINE_TENSOR: Schema<EngineTensor> = object({
  name: text,
  dims: list(anyOf<EngineTensor['dims'][number]>(integer, text, { json: { type: 'null' } })),
  dataType: ENGINE_TYPE,
  format: textOf<TensorFormat>(),
  uncertain: optional(flag),
});

const RULE_NOTE: Schema<RuleNote> = object({
  ruleId: text,
  outcome: OUTCOME,
  text,
  nodes: list(text),
});

const LAYER: Schema<PredictedLayer> = object({
  index: integer,
  name: text,
  layerType: text,
  role: textOf<LayerRole>(),
  origin: optional(textOf<NonNullable<PredictedLayer['origin']>>()),
  activation: optional(text),
  precision: textOf<Precision>(),
  inputs: list(ENGINE_TENSOR),
  outputs: list(ENGINE_TENSOR),
  nodes: list(text),
  uncertain: flag,
  notes: list(RULE_NOTE),
});

const TRACE_EVENT: Schema<TraceEvent> = object({
  phase: text,
  pass: text,
  node: text,
  ruleId: text,
  outcome: OUTCOME,
  text,
  nodes: list(text),
});

const EXPLANATION: Schema<Explanation> = object({
  node: text,
  opType: text,
  layer: orNull(LAYER),
  takes: orNull(ENGINE_TYPE),
  gives: orNull(ENGINE_TYPE),
  reason: object<Reason>({ text, ruleId: optional(text), nodes: list(text) }),
  confidence: orNull(about('from 0 to 1', number)),
  events: list(TRACE_EVENT),
});

/** What an edit has beside its kind depends on the kind. */
const EDIT: Schema<PlacementEdit> = {
  json: { type: 'object', properties: { kind: { type: 'string' } }, required: ['kind'] },
};

const CHANGE: Schema<Change> = object({
  edits: list(EDIT),
  descriptions: about('the edits in words', list(text)),
  reaches: oneOf<Change['reaches']>({ int8: true, better: true }),
  numbers: oneOf<Change['numbers']>({ rounding: true, function: true }),
  differences: list(ENGINE_DIFFERENCE),
  before: ENGINE_SCORE,
  after: ENGINE_SCORE,
  simulations: integer,
});

export const WHY_SCHEMA: Schema<Answer> = object({
  model: text,
  target: TARGET,
  explanation: EXPLANATION,
  change: about('null where the search found none', orNull(CHANGE)),
});
