import { manifestInvalid, manifestTooNew, notThisEngineFile } from '../base/diagnostics/engine.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import { ARTEFACT_ENDINGS } from './build-manifest.ts';
import type { BuildManifest } from './build-manifest.ts';
import { isJsonObject } from './json-fields.ts';
import type { JsonObject } from './json-fields.ts';
import { recognizeText } from './recognize-text.ts';

/** A field, and what it must be. */
type Check = readonly [path: string, wanted: string, holds: (value: unknown) => boolean];

const isText = (value: unknown): boolean => typeof value === 'string';
const isCount = (value: unknown): boolean => typeof value === 'number' && value >= 0;
const orNull =
  (holds: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    value === null || holds(value);
const isTextList = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isOneOf =
  (...words: readonly string[]) =>
  (value: unknown): boolean =>
    words.includes(String(value)) && isText(value);

const CHECKS: readonly Check[] = [
  ['model.name', 'a name', isText],
  ['model.sha256', 'a hash', isText],
  ['model.sizeBytes', 'a number of bytes', isCount],
  ['outcome', 'an outcome', isOneOf('built', 'refused', 'failed', 'cancelled', 'timed-out')],
  ['reason', 'a sentence or null', orNull(isText)],
  ['mode', 'a build mode', isText],
  ['backend', 'trtexec or python', isOneOf('trtexec', 'python')],
  ['trtVersion', 'a version or null', orNull(isText)],
  ['gpu', 'a GPU or null', orNull(isJsonObject)],
  ['command', 'a list of arguments', isTextList],
  ['host', 'a name or null', orNull(isText)],
  ['startedAt', 'a time', (value) => !Number.isNaN(Date.parse(String(value)))],
  ['buildSeconds', 'a number of seconds or null', orNull(isCount)],
  ['engineBytes', 'a number of bytes or null', orNull(isCount)],
  ['latency', 'a set of figures or null', orNull(isJsonObject)],
  ['artefacts', 'a list of file names', isArtefacts],
  ['producer', 'a name', isText],
];
/** Looked at where the object around them is there. */
const NESTED: readonly Check[] = [
  ['gpu.name', 'a name', isText],
  ['gpu.sm', 'a number or null', orNull(isCount)],
  ['gpu.driver', 'a version or null', orNull(isText)],
  ['gpu.memoryBytes', 'a number of bytes or null', orNull(isCount)],
  ['gpu.smClockMhz', 'a number or null', orNull(isCount)],
  ['gpu.memoryClockMhz', 'a number or null', orNull(isCount)],
  ['latency.runs', 'a number', isCount],
  ['latency.computeMedianUs', 'a number of microseconds', isCount],
  ['latency.computeP95Us', 'a number of microseconds', isCount],
  ['latency.latencyMedianUs', 'a number of microseconds', isCount],
];

function isArtefacts(value: unknown): boolean {
  if (!isJsonObject(value)) return false;
  return Object.entries(value).every(([kind, file]) => kind in ARTEFACT_ENDINGS && isText(file));
}

/** Reads what a build of `qdq-lab` left of itself, and checks each field, since others write to folders too. */
export function readManifest(name: string, text: string): Result<BuildManifest> {
  const seen = recognizeText(text);
  if (seen.kind !== 'manifest' || !isJsonObject(seen.json))
    return fail(
      notThisEngineFile(
        name,
        'the manifest of a build',
        seen.kind === null ? seen.looksLike : `a file of ${seen.kind}`,
        `Give the file that ends in ${ARTEFACT_ENDINGS.manifest} beside the engine.`,
      ),
    );
  const { json } = seen;
  if (typeof json['version'] === 'number' && json['version'] > 1)
    return fail(manifestTooNew(name, json['version']));
  const nested = NESTED.filter(([path]) => isJsonObject(json[path.split('.')[0] ?? '']));
  const wrong = [...CHECKS, ...nested].find(([path, , holds]) => !holds(fieldAt(json, path)));
  if (wrong) return fail(manifestInvalid(name, wrong[0], wrong[1]));
  return ok(json as unknown as BuildManifest);
}

function fieldAt(json: JsonObject, path: string): unknown {
  let value: unknown = json;
  for (const key of path.split('.')) value = isJsonObject(value) ? value[key] : undefined;
  return value;
}
