import type { BuildManifest, BuildOutcome } from '../../core/engine/build-manifest.ts';
import type { PlannedBuild } from '../trt/dry-run.ts';
import {
  about,
  anyOf,
  constant,
  integer,
  list,
  number,
  object,
  oneOf,
  optional,
  orNull,
  text,
} from './schema.ts';
import type { Schema } from './schema.ts';

type Part<K extends keyof BuildManifest> = NonNullable<BuildManifest[K]>;

const GPU: Schema<Part<'gpu'>> = object({
  name: text,
  sm: orNull(about('compute capability times ten', integer)),
  driver: orNull(text),
  memoryBytes: orNull(number),
  smClockMhz: orNull(number),
  memoryClockMhz: orNull(number),
});

const LATENCY: Schema<Part<'latency'>> = object({
  runs: integer,
  computeMedianUs: about('microseconds', number),
  computeP95Us: number,
  latencyMedianUs: number,
});

const ARTEFACTS: Schema<Part<'artefacts'>> = object({
  engine: optional(text),
  layers: optional(text),
  profile: optional(text),
  times: optional(text),
  log: optional(text),
  prediction: optional(text),
  comparison: optional(text),
  manifest: optional(text),
});

const MANIFEST: Schema<BuildManifest> = object({
  format: constant('qdq-lab-build'),
  version: constant(1),
  model: object<Part<'model'>>({ name: text, sha256: text, sizeBytes: integer }),
  outcome: oneOf<BuildOutcome>({
    built: true,
    refused: true,
    failed: true,
    cancelled: true,
    'timed-out': true,
  }),
  reason: about('a sentence where it is not built', orNull(text)),
  mode: text,
  backend: oneOf<BuildManifest['backend']>({ trtexec: true, python: true }),
  trtVersion: orNull(text),
  gpu: orNull(GPU),
  command: list(text),
  host: orNull(text),
  startedAt: text,
  buildSeconds: orNull(number),
  engineBytes: orNull(number),
  latency: orNull(LATENCY),
  artefacts: about('names of files beside the manifest', ARTEFACTS),
  producer: text,
});

const PLANNED: Schema<PlannedBuild> = object({ model: text, commands: list(list(text)) });

export const BUILD_SCHEMA: Schema<unknown> = anyOf(
  about('one model: null where it cannot be read', orNull(MANIFEST)),
  about('several models', list(orNull(MANIFEST))),
  about('with --dry-run', list(PLANNED)),
);
