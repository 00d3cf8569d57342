import type { AppliedPair } from '../../core/placement/apply-placement.ts';
import type { Placement } from '../../core/placement/placement-file.ts';
import type { AppliedReport } from '../commands/placement.ts';
import {
  about,
  anyOf,
  byName,
  constant,
  flag,
  integer,
  list,
  object,
  oneOf,
  text,
} from './schema.ts';
import type { Schema } from './schema.ts';
import { DIAGNOSTIC, ENGINE_SCORE } from './shared-schemas.ts';

/** Pairs and scales are written as short as they are: see the head of a placement in YAML. */
interface Shown {
  readonly version: 1;
  readonly model: Placement['model'];
  readonly scales: Readonly<Record<string, unknown>>;
  readonly pairs: readonly unknown[];
  readonly structure: Readonly<Record<string, readonly string[]>>;
}

const PAIR: Schema<unknown> = {
  json: {
    type: 'object',
    properties: { tensor: { type: 'string' }, scale: {} },
    required: ['tensor', 'scale'],
  },
};

export const PLACEMENT_SCHEMA: Schema<unknown> = anyOf(
  object<Shown>({
    version: constant(1),
    model: object<Placement['model']>({ name: text, nodes: integer, fingerprint: text }),
    scales: byName({ json: {} }),
    pairs: list(PAIR),
    structure: byName(list(text)),
  }),
  about(
    'with --apply',
    object<AppliedReport>({
      model: text,
      isSameExport: flag,
      applied: list(
        object<AppliedPair>({
          tensor: text,
          value: text,
          by: oneOf<AppliedPair['by']>({ name: true, reader: true, structure: true }),
          readers: list(text),
        }),
      ),
      kept: list(text),
      unmatched: list(DIAGNOSTIC),
      before: ENGINE_SCORE,
      after: ENGINE_SCORE,
    }),
  ),
);
