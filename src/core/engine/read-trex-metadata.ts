import { notThisEngineFile } from '../base/diagnostics/engine.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import type { LatencyFigures } from './built-engine.ts';
import { isJsonObject, numberOf, numbersOf, objectsOf, textOf } from './json-fields.ts';
import type { JsonObject } from './json-fields.ts';
import { deviceOf } from './log-sections.ts';
import { recognizeText } from './recognize-text.ts';
import { versionInText } from './trt-version.ts';

/** What TensorRT Engine Explorer's tools keep of the logs of one engine. */
export interface TrexMetadata {
  /** The file's name. */
  readonly name: string;
  /** Stated in few files. */
  readonly trtVersion: string | null;
  readonly gpu: string | null;
  /** Compute capability times ten. */
  readonly sm: number | null;
  /** Null where the file is not of a timed run, or lacks the 95th percentile (TensorRT before 8.5). */
  readonly latency: LatencyFigures | null;
  /** All of the file: section, then key. */
  readonly sections: Readonly<Record<string, JsonObject>>;
}

/** Reads `.build.metadata.json`, `.profile.metadata.json`, and the older `.metadata.json`, which lists devices. */
export function readTrexMetadata(name: string, text: string): Result<TrexMetadata> {
  const seen = recognizeText(text);
  if (seen.kind === null)
    return fail(notThisEngineFile(name, 'metadata of TREx', seen.looksLike, seen.give));
  if (seen.kind !== 'trex-metadata')
    return fail(
      notThisEngineFile(
        name,
        'metadata of TREx',
        `a file of ${seen.kind}`,
        'Give engine.profile.metadata.json or engine.build.metadata.json.',
      ),
    );
  const sections = sectionsOf(seen.json);
  const device = sections['device_information'] ?? {};
  return ok({
    name,
    trtVersion: versionInText(textOf(device['TensorRT version']) ?? ''),
    ...deviceOf(device),
    latency: latencyOf(sections['performance_summary'] ?? {}),
    sections,
  });
}

function sectionsOf(json: unknown): Record<string, JsonObject> {
  if (isJsonObject(json))
    return Object.fromEntries(
      Object.entries(json).filter((entry): entry is [string, JsonObject] => isJsonObject(entry[1])),
    );
  const [first = {}] = objectsOf(json);
  const capability = numbersOf(first['ComputeCapability']).join('.');
  return { device_information: { ...first, 'Compute Capability': capability } };
}

/** Lists of milliseconds: min, max, mean, median, then the percentiles 90, 95, 99, or 99 alone. */
function latencyOf(summary: JsonObject): LatencyFigures | null {
  const latency = numbersOf(summary['Latency']);
  const told = numbersOf(summary['GPU Compute Time']);
  const compute = told.length > 0 ? told : latency;
  const [median, p95] = [compute[3], compute.length >= 7 ? compute[5] : undefined];
  if (median === undefined || p95 === undefined) return null;
  const totalSeconds = numberOf(summary['Total Host Walltime']) ?? 0;
  return {
    runs: Math.round((numberOf(summary['Throughput']) ?? 0) * totalSeconds),
    computeMedianUs: median * 1000,
    computeP95Us: p95 * 1000,
    latencyMedianUs: (latency[3] ?? median) * 1000,
  };
}
