import { engineMeasuresEmpty, notThisEngineFile } from '../base/diagnostics/engine.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { LayerTime } from './built-engine.ts';
import { numberOf, objectsOf, textOf } from './json-fields.ts';
import type { JsonObject } from './json-fields.ts';
import { showableName } from './layer-names.ts';
import { recognizeText } from './recognize-text.ts';

/** Times of an engine's layers over many runs, in the order of the file. */
export interface EngineProfile {
  /** The file's name. */
  readonly name: string;
  /** Runs that were averaged over; null where the file does not say. */
  readonly runs: number | null;
  readonly records: readonly ProfileRecord[];
}

/** The time of one layer. */
export interface ProfileRecord {
  /** As the layer is called, joined by ` + ` where the file has control characters. */
  readonly layer: string;
  readonly time: LayerTime;
}

const GIVE =
  'Give what trtexec --loadEngine=engine.plan --exportProfile=engine.profile.json writes.';

/**
 * Reads trtexec's `--exportProfile` of every generation: with or without the count of runs, medians (from 8.4 on) or averages.
 * Where a file has medians alone, they stand for the averages too.
 */
export function readProfile(name: string, text: string): Result<EngineProfile> {
  const seen = recognizeText(text);
  if (seen.kind === null)
    return fail(notThisEngineFile(name, 'a profile', seen.looksLike, seen.give));
  if (seen.kind !== 'profile')
    return fail(notThisEngineFile(name, 'a profile', `a file of ${seen.kind}`, GIVE));
  const items = objectsOf(seen.json);
  const runs = numberOf(items.find((item) => item['name'] === undefined)?.['count']);
  const records = withShares(items, runs);
  if (records.length === 0) return fail(engineMeasuresEmpty(name, 'times of layers'));
  return ok({ name, runs, records });
}

/** Shares are taken of the sum, since those of the file are rounded. */
function withShares(items: readonly JsonObject[], runs: number | null): ProfileRecord[] {
  const timed = items.flatMap((item) => {
    const layer = textOf(item['name']);
    const averageMs = averageOf(item, runs);
    if (layer === null || averageMs === null) return [];
    const medianMs = numberOf(item['medianMs']);
    return [{ layer: showableName(layer), averageMs, medianMs }];
  });
  const total = timed.reduce((sum, { averageMs }) => sum + averageMs, 0);
  return timed.map(({ layer, averageMs, medianMs }) => ({
    layer,
    time: {
      averageUs: averageMs * 1000,
      medianUs: medianMs === null ? null : medianMs * 1000,
      share: total > 0 ? averageMs / total : 0,
    },
  }));
}

function averageOf(item: JsonObject, runs: number | null): number | null {
  const average = numberOf(item['averageMs']);
  if (average !== null) return average;
  const total = numberOf(item['timeMs']);
  if (total !== null && runs !== null && runs > 0) return total / runs;
  return numberOf(item['medianMs']) ?? total;
}
