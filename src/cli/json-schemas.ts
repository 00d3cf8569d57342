import { BUILD_SCHEMA } from './schemas/build-schema.ts';
import { CHANGE_SCHEMA } from './schemas/change-schema.ts';
import { CORPUS_SCHEMA } from './schemas/corpus-schema.ts';
import { DIFF_SCHEMA } from './schemas/diff-schema.ts';
import { ENGINE_SCHEMA } from './schemas/engine-schema.ts';
import { LINT_SCHEMA } from './schemas/lint-schema.ts';
import { OPTIMIZE_SCHEMA } from './schemas/optimize-schema.ts';
import { PLACEMENT_SCHEMA } from './schemas/placement-schema.ts';
import { PREDICTION_SCHEMA } from './schemas/prediction-schema.ts';
import type { JsonSchema } from './schemas/schema.ts';
import { SERVE_SCHEMA } from './schemas/serve-schema.ts';
import { VALIDATION_SCHEMA } from './schemas/validation-schema.ts';
import { WHY_SCHEMA } from './schemas/why-schema.ts';

/** What each verb prints with `--json`, by the name of the verb. */
const SCHEMAS: Readonly<Record<string, { readonly json: JsonSchema }>> = {
  predict: PREDICTION_SCHEMA,
  lint: LINT_SCHEMA,
  why: WHY_SCHEMA,
  optimize: OPTIMIZE_SCHEMA,
  quantize: CHANGE_SCHEMA,
  validate: VALIDATION_SCHEMA,
  diff: DIFF_SCHEMA,
  placement: PLACEMENT_SCHEMA,
  build: BUILD_SCHEMA,
  serve: SERVE_SCHEMA,
  engine: ENGINE_SCHEMA,
  'predict-corpus': CORPUS_SCHEMA,
};

/** Verbs whose output has a schema. */
export const SCHEMA_NAMES: readonly string[] = Object.keys(SCHEMAS);

/** The JSON schema (draft 7) of what a verb prints with `--json`; undefined where there is none. */
export function jsonSchemaOf(verb: string): JsonSchema | undefined {
  if (!Object.hasOwn(SCHEMAS, verb)) return undefined;
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: `qdq-lab ${verb} --json`,
    ...SCHEMAS[verb]?.json,
  };
}
