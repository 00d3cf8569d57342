import type { PlacementDifference } from '../../core/placement/compare-placements.ts';
import type { ModelsDiff, PlacementsDiff } from '../commands/diff.ts';
import { about, anyOf, list, object, oneOf, optional, text } from './schema.ts';
import type { Schema } from './schema.ts';
import { ENGINE_DIFFERENCE, ENGINE_SCORE, TARGET } from './shared-schemas.ts';

const PLACEMENT_DIFFERENCE: Schema<PlacementDifference> = object({
  kind: oneOf<PlacementDifference['kind']>({ added: true, removed: true, scale: true }),
  value: text,
  reader: text,
  before: optional(text),
  after: optional(text),
});

export const DIFF_SCHEMA: Schema<unknown> = anyOf(
  object<ModelsDiff>({
    a: text,
    b: text,
    target: TARGET,
    placement: list(PLACEMENT_DIFFERENCE),
    engine: list(ENGINE_DIFFERENCE),
    before: ENGINE_SCORE,
    after: ENGINE_SCORE,
  }),
  about(
    'of two stored placements',
    object<PlacementsDiff>({ a: text, b: text, placement: list(PLACEMENT_DIFFERENCE) }),
  ),
);
