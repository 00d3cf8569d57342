import type { Diagnostic, Place, Severity } from '../../core/base/diagnostic.ts';
import type { EngineScore } from '../../core/explain/engine-cost.ts';
import type {
  DifferenceKind,
  EngineDifference,
  LayerRef,
} from '../../core/explain/engine-difference.ts';
import type { Numerics } from '../../core/passes/rewrite-pass.ts';
import type { EngineDataType } from '../../core/sim/predicted-engine.ts';
import type { BuildMode, Target } from '../../core/sim/target.ts';
import {
  about,
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

/* What the output of several verbs is made of. */

export const MODE: Schema<BuildMode> = oneOf<BuildMode>({
  best: true,
  fp16: true,
  int8: true,
  strong: true,
});

export const TARGET: Schema<Target> = object({
  trt: about('TensorRT version: major.minor', text),
  sm: about('compute capability of the GPU, times ten', integer),
  mode: MODE,
});

export const SEVERITY: Schema<Severity> = oneOf<Severity>({
  error: true,
  warning: true,
  info: true,
});

const PLACE: Schema<Place> = object({
  file: optional(text),
  offset: optional(about('byte in the file', integer)),
  node: optional(text),
  value: optional(text),
  attribute: optional(text),
});

export const DIAGNOSTIC: Schema<Diagnostic> = object({
  code: about('stable id', text),
  severity: SEVERITY,
  message: about('what is wrong', text),
  advice: about('what to do', text),
  place: optional(PLACE),
  url: optional(text),
});

export const NUMERICS: Schema<Numerics> = oneOf<Numerics>({
  'bit-exact': true,
  'one-step': true,
  approximate: true,
});

/** Spelled as TensorRT's inspector does: Float, Half, Int8, FP8 and so on. */
export const ENGINE_TYPE: Schema<EngineDataType> = textOf<EngineDataType>();

export const LAYER_REF: Schema<LayerRef> = object({
  index: integer,
  name: text,
  layerType: text,
  takes: orNull(ENGINE_TYPE),
  gives: orNull(ENGINE_TYPE),
});

export const ENGINE_DIFFERENCE: Schema<EngineDifference> = object({
  kind: oneOf<DifferenceKind>({
    split: true,
    merged: true,
    regrouped: true,
    precision: true,
    'reformat-gained': true,
    'reformat-lost': true,
    'qdq-gained': true,
    'qdq-lost': true,
    'layer-gained': true,
    'layer-lost': true,
  }),
  nodes: list(text),
  before: list(LAYER_REF),
  after: list(LAYER_REF),
  bytes: about('bytes of activations moved after, less those before', number),
  text: about('the difference in words', text),
});

/** Fields of a score, for objects that have more than these. */
export const SCORE_FIELDS = {
  layers: integer,
  int8Layers: integer,
  reformats: integer,
  survivingQdq: integer,
  bytes: about('bytes of activations that all layers read and write', number),
} as const;

export const ENGINE_SCORE: Schema<EngineScore> = object(SCORE_FIELDS);
