import type { AgreementFigures } from '../../core/reality/agreement-figures.ts';
import type {
  Disagreement,
  DisagreementKind,
  RealityComparison,
  RuleSuspect,
} from '../../core/reality/reality-comparison.ts';
import {
  about,
  constant,
  flag,
  integer,
  list,
  number,
  object,
  oneOf,
  orNull,
  text,
  textOf,
} from './schema.ts';
import type { Schema } from './schema.ts';
import { DIAGNOSTIC, LAYER_REF, MODE } from './shared-schemas.ts';

const FIGURES: Schema<AgreementFigures> = object({
  layers: about('F1 over layers, 0 to 1', number),
  precision: about('share of nodes in the right class of types', number),
  qdq: about('F1 over Q/DQ that stay layers', number),
  perfect: flag,
});

const SUSPECT: Schema<RuleSuspect> = object({
  ruleId: about('empty where no rule of ours retells the pass', text),
  pass: text,
  erred: oneOf<RuleSuspect['erred']>({ fired: true, refused: true, unknown: true }),
  certainty: oneOf<RuleSuspect['certainty']>({ log: true, only: true, suspect: true }),
  evidence: text,
});

const DISAGREEMENT: Schema<Disagreement> = object({
  kind: textOf<DisagreementKind>(),
  nodes: list(text),
  predicted: list(LAYER_REF),
  built: list(LAYER_REF),
  text,
  suspects: list(SUSPECT),
  decidedByTiming: flag,
  timeUs: orNull(number),
});

/** A prediction held against the engine that was built: `engine --model`, and the `.comparison.json` of `build`. */
export const REALITY: Schema<RealityComparison> = object({
  format: constant('qdq-lab-comparison'),
  version: constant(1),
  engine: text,
  target: text,
  mode: MODE,
  trtVersion: orNull(text),
  gpu: orNull(text),
  figures: FIGURES,
  typesKnown: flag,
  layersPredicted: integer,
  layersBuilt: integer,
  disagreements: list(DISAGREEMENT),
  nodesFound: about('share of layers that name nodes of the model', number),
  remarks: list(DIAGNOSTIC),
});
