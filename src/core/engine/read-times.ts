import { engineMeasuresEmpty, notThisEngineFile } from '../base/diagnostics/engine.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { LatencyFigures } from './built-engine.ts';
import { numberOf, objectsOf } from './json-fields.ts';
import type { JsonObject } from './json-fields.ts';
import { recognizeText } from './recognize-text.ts';

const GIVE = 'Give what trtexec --loadEngine=engine.plan --exportTimes=engine.times.json writes.';

/** Reads trtexec's `--exportTimes` of every generation: one object for each inference, of which compute and latency are taken. */
export function readTimes(name: string, text: string): Result<LatencyFigures> {
  const seen = recognizeText(text);
  if (seen.kind === null)
    return fail(notThisEngineFile(name, 'a file of times', seen.looksLike, seen.give));
  if (seen.kind !== 'times')
    return fail(notThisEngineFile(name, 'a file of times', `a file of ${seen.kind}`, GIVE));
  const items = objectsOf(seen.json);
  const compute = items.map(computeMs).filter((ms) => ms !== null);
  if (compute.length === 0) return fail(engineMeasuresEmpty(name, 'times of inferences'));
  const latency = items.map((item) => numberOf(item['latencyMs'])).filter((ms) => ms !== null);
  return ok({
    runs: compute.length,
    computeMedianUs: percentile(compute, 50) * 1000,
    computeP95Us: percentile(compute, 95) * 1000,
    latencyMedianUs: percentile(latency.length > 0 ? latency : compute, 50) * 1000,
  });
}

const computeMs = (item: JsonObject): number | null => {
  const told = numberOf(item['computeMs']);
  if (told !== null) return told;
  const [start, end] = [numberOf(item['startComputeMs']), numberOf(item['endComputeMs'])];
  return start !== null && end !== null ? end - start : numberOf(item['latencyMs']);
};

/** The value below which `percent` of the values lie, as trtexec takes it; an even count has the mean of the two in the middle. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number): number =>
    sorted[Math.min(Math.max(index, 0), sorted.length - 1)] ?? NaN;
  if (percent === 50 && sorted.length % 2 === 0)
    return (at(sorted.length / 2 - 1) + at(sorted.length / 2)) / 2;
  return at(Math.ceil((percent / 100) * sorted.length) - 1);
}
