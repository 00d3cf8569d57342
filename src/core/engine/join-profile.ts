import { profileMatchesInPart, profileOfAnotherEngine } from '../base/diagnostics/engine.ts';
import type { BuiltEngine, BuiltLayer, LayerTime } from './built-engine.ts';
import { nameInFile } from './read-engine.ts';
import type { EngineProfile } from './read-profile.ts';

/** Below this share of matching records, a profile is taken for another engine's. */
const LEAST_MATCH = 0.5;

/**
 * The engine with times of its layers. Names are matched in the order of the layers, those that repeat one after the other; since
 * both files list layers in the order of execution, this is the positional match where names agree in order. What did not
 * match is a remark; a profile of another engine leaves the engine without times, and a remark that is an error says so.
 */
export function withProfile(engine: BuiltEngine, profile: EngineProfile): BuiltEngine {
  const times = new Map<string, LayerTime[]>();
  for (const { layer, time } of profile.records)
    times.set(layer, [...(times.get(layer) ?? []), time]);
  const layers = engine.layers.map((layer) => ({
    ...layer,
    time: times.get(nameInFile(layer))?.shift() ?? null,
  }));
  const left = [...times].flatMap(([name, unused]) => unused.map(() => name));
  const matched = profile.records.length - left.length;
  if (matched < profile.records.length * LEAST_MATCH)
    return remark(engine, profileOfAnotherEngine(profile.name, matched, profile.records.length));
  const untimed = layers.filter(needsTime).map((layer) => layer.name);
  const joined = { ...engine, layers, profiledRuns: profile.runs };
  return left.length === 0 && untimed.length === 0
    ? joined
    : remark(joined, profileMatchesInPart(profile.name, left, untimed));
}

const remark = (engine: BuiltEngine, said: BuiltEngine['remarks'][number]): BuiltEngine => ({
  ...engine,
  remarks: [...engine.remarks, said],
});

/** Constants and no-ops run no kernel, so that a profile may leave them out. */
const needsTime = (layer: BuiltLayer): boolean =>
  layer.time === null &&
  layer.role !== 'noop' &&
  layer.role !== 'constant' &&
  layer.role !== 'shape';
