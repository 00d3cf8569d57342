import { logWithoutP95 } from '../base/diagnostics/engine.ts';
import { ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { BuildLog } from './build-log.ts';
import type { BuildManifest } from './build-manifest.ts';
import type { BuiltEngine, LatencyFigures } from './built-engine.ts';
import type { EngineFileContent } from './engine-file-kind.ts';
import { withProfile } from './join-profile.ts';
import { readBuildLog } from './read-build-log.ts';
import { engineOf, nameInFile } from './read-engine.ts';
import { readManifest } from './read-manifest.ts';
import { readProfile } from './read-profile.ts';
import type { EngineProfile } from './read-profile.ts';
import { readTimes } from './read-times.ts';
import { readTrexMetadata } from './read-trex-metadata.ts';
import type { TrexMetadata } from './read-trex-metadata.ts';

/** A file that tells more of an engine whose layers stand elsewhere. */
export type Companion =
  | { readonly kind: 'profile'; readonly name: string; readonly value: EngineProfile }
  | { readonly kind: 'times'; readonly name: string; readonly value: LatencyFigures }
  | { readonly kind: 'log'; readonly name: string; readonly value: BuildLog }
  | { readonly kind: 'manifest'; readonly name: string; readonly value: BuildManifest }
  | { readonly kind: 'trex-metadata'; readonly name: string; readonly value: TrexMetadata };

/** Reads a file whose kind is known. */
export function readCompanion(
  name: string,
  text: string,
  kind: Exclude<EngineFileContent, 'layers'>,
): Result<Companion> {
  switch (kind) {
    case 'profile':
      return map(readProfile(name, text), (value) => ({ kind, name, value }));
    case 'times':
      return map(readTimes(name, text), (value) => ({ kind, name, value }));
    case 'log':
      return map(readBuildLog(name, text), (value) => ({ kind, name, value }));
    case 'manifest':
      return map(readManifest(name, text), (value) => ({ kind, name, value }));
    case 'trex-metadata':
      return map(readTrexMetadata(name, text), (value) => ({ kind, name, value }));
  }
}

const map = <A>(result: Result<A>, change: (value: A) => Companion): Result<Companion> =>
  result.ok ? ok(change(result.value)) : result;

/** The engine with what the file tells; what the engine has already stays, except for a profile, which replaces times. */
export function joinFile(engine: BuiltEngine, companion: Companion): BuiltEngine {
  switch (companion.kind) {
    case 'profile':
      return withProfile(engine, companion.value);
    case 'times':
      return withTimes(engine, companion.value);
    case 'manifest':
      return withFigures(engine, {
        trtVersion: companion.value.trtVersion,
        gpu: companion.value.gpu?.name ?? null,
        latency: companion.value.latency,
      });
    case 'log':
      return withLog(engine, companion.value);
    case 'trex-metadata':
      return withFigures(engine, companion.value);
  }
}

const withTimes = (engine: BuiltEngine, latency: LatencyFigures): BuiltEngine => ({
  ...engine,
  latency,
  remarks: engine.remarks.filter(({ code }) => code !== 'engine/log-without-p95'),
});

function withFigures(
  engine: BuiltEngine,
  { trtVersion, gpu, latency }: Pick<BuiltEngine, 'trtVersion' | 'gpu' | 'latency'>,
): BuiltEngine {
  return {
    ...engine,
    trtVersion: engine.trtVersion ?? trtVersion,
    gpu: engine.gpu ?? gpu,
    latency: engine.latency ?? latency,
  };
}

/** A log fills in what an engine of bare names lacks, and the times that trtexec printed into it. */
function withLog(engine: BuiltEngine, log: BuildLog): BuiltEngine {
  const detailed = engine.fileKind === 'names' ? (detailOf(engine, log) ?? engine) : engine;
  // The log of a later run of the engine has no passes, and takes none away.
  const passes = log.passes.length > 0 ? log.passes : (engine.passes ?? []);
  const told = { ...withFigures(detailed, log), passes };
  const timed =
    log.profile && told.profiledRuns === null && told.layers.every(({ time }) => time === null)
      ? withProfile(told, log.profile)
      : told;
  return log.performance && timed.latency === null
    ? { ...timed, remarks: [...timed.remarks, logWithoutP95(log.name)] }
    : timed;
}

/** The log's layers in place of names, where they are the same layers. */
function detailOf(engine: BuiltEngine, log: BuildLog): BuiltEngine | null {
  if (
    log.layers.length === 0 ||
    shareOfNames(
      engine,
      log.layers.map(({ name }) => name),
    ) < 1
  )
    return null;
  const { name, trtVersion, gpu, latency } = engine;
  const frame = { Bindings: engine.bindings };
  const remarks = engine.remarks.filter(({ code }) => code !== 'engine/names-only');
  const full = engineOf({ name, fileKind: 'list', layers: log.layers, frame, remarks });
  return { ...full, trtVersion, gpu, latency };
}

/** Share of the layers that a companion names which the engine has; 0 where it names none. */
export function likeness(engine: BuiltEngine, companion: Companion): number {
  if (companion.kind === 'profile')
    return shareOfNames(
      engine,
      companion.value.records.map(({ layer }) => layer),
    );
  if (companion.kind !== 'log') return 0;
  return shareOfNames(
    engine,
    companion.value.layers.map(({ name }) => name),
  );
}

function shareOfNames(engine: BuiltEngine, names: readonly string[]): number {
  if (names.length === 0 || engine.layers.length === 0) return 0;
  const have = new Set(engine.layers.map((layer) => nameInFile(layer)));
  const hits = names.filter((name) => have.has(name)).length;
  return hits / Math.max(names.length, engine.layers.length);
}
