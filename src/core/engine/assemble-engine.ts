import type { Diagnostic } from '../base/diagnostic.ts';
import {
  engineFileUnused,
  logOfRefusedBuild,
  logWithoutLayers,
  noEngineAmongFiles,
} from '../base/diagnostics/engine.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { BuildLog } from './build-log.ts';
import { ARTEFACT_ENDINGS } from './build-manifest.ts';
import type { BuiltEngine } from './built-engine.ts';
import { kindOfEngineFile } from './engine-file-kind.ts';
import type { EngineFileContent } from './engine-file-kind.ts';
import { stemOf } from './file-stem.ts';
import { joinFile, likeness, readCompanion } from './join-files.ts';
import type { Companion } from './join-files.ts';
import { engineOf, readEngine } from './read-engine.ts';

/** A file with its content. */
export interface EngineFile {
  /** With folders where there are any: files of one name in two folders belong to two engines. */
  readonly name: string;
  readonly text: string;
}

/** An engine, and what its files are called alike. */
interface Found {
  readonly stem: string;
  engine: BuiltEngine;
}

/**
 * Reads any set of files of one or several engines, and joins what belongs together: by the names of the files as trtexec's users,
 * TREx and we give them; where names tell nothing, by the names of layers. A log alone gives the layers that it lists. Files that
 * fit nowhere are remarks of the first engine.
 */
export function assembleEngine(files: readonly EngineFile[]): Result<readonly BuiltEngine[]> {
  const kinds = files.map(({ name, text }) => kindOfEngineFile(name, text));
  const found: Found[] = [];
  const problems: Diagnostic[] = [];
  const companions: Companion[] = [];
  for (const [index, file] of files.entries()) {
    const kind = kinds[index] ?? null;
    if (kind === 'layers') addEngine(file, found, problems);
    else if (kind !== null) addCompanion(file, kind, companions, problems);
    else if (!file.name.endsWith(ARTEFACT_ENDINGS.comparison)) problems.push(unknownFile(file));
  }
  const rest = found.length > 0 ? companions : enginesOfLogs(companions, found, problems);
  const [first] = found;
  if (!first) return fail(problems[0] ?? noEngineAmongFiles(names(files), nouns(kinds)));
  for (const companion of byKind(rest)) {
    const owner = ownerOf(companion, found);
    if (owner) owner.engine = joinFile(owner.engine, companion);
    else problems.push(engineFileUnused(companion.name, 'it fits none of the engines'));
  }
  first.engine = { ...first.engine, remarks: [...first.engine.remarks, ...problems] };
  return ok(found.map(({ engine }) => engine));
}

const names = (files: readonly EngineFile[]): string[] => files.map(({ name }) => name);

const NOUNS: Readonly<Record<EngineFileContent, string>> = {
  layers: 'layers',
  profile: 'a profile',
  times: 'times of inferences',
  log: 'a log',
  manifest: 'a manifest',
  'trex-metadata': 'metadata',
};
const nouns = (kinds: readonly (EngineFileContent | null)[]): string[] =>
  kinds.length === 0 ? ['no file'] : kinds.map((kind) => (kind ? NOUNS[kind] : 'another file'));

function addEngine(file: EngineFile, found: Found[], problems: Diagnostic[]): void {
  const engine = readEngine(file.name, file.text);
  if (engine.ok) found.push({ stem: stemOf(file.name), engine: engine.value });
  else problems.push(engine.error);
}

function addCompanion(
  file: EngineFile,
  kind: Exclude<EngineFileContent, 'layers'>,
  companions: Companion[],
  problems: Diagnostic[],
): void {
  const companion = readCompanion(file.name, file.text, kind);
  if (companion.ok) companions.push(companion.value);
  else problems.push(companion.error);
}

/** The sentence that names what the file looks like. */
function unknownFile(file: EngineFile): Diagnostic {
  const refused = readEngine(file.name, file.text);
  return refused.ok ? engineFileUnused(file.name, 'it was not recognized') : refused.error;
}

/** Without a file of layers, logs that list them stand in; the companions that are left are returned. */
function enginesOfLogs(
  companions: readonly Companion[],
  found: Found[],
  problems: Diagnostic[],
): Companion[] {
  for (const companion of companions) {
    if (companion.kind !== 'log') continue;
    const engine = engineOfLog(companion.value);
    if (engine.ok) found.push({ stem: stemOf(companion.name), engine: engine.value });
    else problems.push(engine.error);
  }
  return [...companions];
}

/** The engine that a log lists the layers of; what TensorRT refused, where it refused to build. */
export function engineOfLog(log: BuildLog): Result<BuiltEngine> {
  const { name, layers, bindings } = log;
  if (layers.length > 0)
    return ok(
      engineOf({ name, fileKind: 'list', layers, frame: { Bindings: bindings }, remarks: [] }),
    );
  const [refusal] = log.refusals;
  if (refusal) return fail(logOfRefusedBuild(name, refusal.node, refusal.reason));
  const error = log.messages.find(({ severity }) => severity === 'error');
  const succeeded = log.buildSeconds !== null || log.outcome === 'passed';
  if (error && !succeeded)
    return fail(logOfRefusedBuild(name, '', error.text.replace(/\s+/g, ' ')));
  return fail(logWithoutLayers(name));
}

const ORDER: readonly Companion['kind'][] = [
  'manifest',
  'log',
  'profile',
  'times',
  'trex-metadata',
];

/** A log may bring the layers themselves, so that it comes before what was measured; that replaces what the log says. */
const byKind = (companions: readonly Companion[]): Companion[] =>
  [...companions].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));

/** By name; among several of that name, or of none, by the layers that it names; the only engine takes all. */
function ownerOf(companion: Companion, found: readonly Found[]): Found | undefined {
  const stem = stemOf(companion.name);
  const namesakes = found.filter((candidate) => candidate.stem === stem);
  if (namesakes.length === 1) return namesakes[0];
  if (found.length === 1) return found[0];
  const candidates = namesakes.length > 0 ? namesakes : found;
  const likenesses = candidates.map(({ engine }) => likeness(engine, companion));
  const best = Math.max(...likenesses);
  if (best <= 0.9) return namesakes[0];
  return candidates[likenesses.indexOf(best)];
}
