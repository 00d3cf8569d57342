import { notAScaleFile, scaleInvalid } from '../base/diagnostics/calibrate.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import { readCalibrationCache } from './calibration-cache.ts';
import { HIGHEST } from './quantized-type.ts';
import type { QuantizedType } from './quantized-type.ts';

/** Scales of activations, one a tensor, by the names of the float values that are quantized. */
export interface ScaleTable {
  /** How they came about: a method's name, or the name in the header of a calibration cache; empty when unknown. */
  readonly method: string;
  /** The type that the scales were made for. */
  readonly type: QuantizedType;
  /** Finite and above zero. */
  readonly scales: ReadonlyMap<string, number>;
}

/** The JSON form of a `ScaleTable`. A reader needs `scales` or `amax`; where an entry stands in both, `scales` counts. */
export interface ScaleFile {
  /** `max`, `entropy`, `percentile`, `mse`, or whatever another tool writes. */
  readonly method?: string;
  /** `int8` unless given. */
  readonly type?: QuantizedType;
  /** Real value of one quantization step, by value name. */
  readonly scales?: Readonly<Record<string, number>>;
  /** Largest magnitude that is not clipped, by value name: scale times 127 for int8, times 448 for float8e4m3fn. */
  readonly amax?: Readonly<Record<string, number>>;
}

/** A table as it was read, and what was wrong with single entries. */
export interface ReadScales {
  readonly table: ScaleTable;
  readonly warnings: readonly Diagnostic[];
}

/** `table` as JSON with two blanks a level, values sorted by name. */
export function writeScaleFile({ method, type, scales }: ScaleTable): string {
  const sorted = [...scales].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const amax = sorted.map(([name, scale]) => [name, scale * HIGHEST[type]] as const);
  const file: ScaleFile = {
    method,
    type,
    scales: Object.fromEntries(sorted),
    amax: Object.fromEntries(amax),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** Reads either form: a TensorRT calibration cache, which begins with `TRT-`, or JSON. `file` is for messages. */
export const readScales = (file: string, text: string): Result<ReadScales> =>
  /^\uFEFF?\s*[{[]/.test(text) ? readScaleFile(file, text) : readCalibrationCache(file, text);

/** Reads the JSON form. Entries that are no numbers above zero are left out, each with a warning. */
export function readScaleFile(file: string, text: string): Result<ReadScales> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return fail(notAScaleFile(file, `it is no JSON (${String(error)})`));
  }
  if (!isRecord(parsed)) return fail(notAScaleFile(file, 'it is no JSON object'));
  const { method, type = 'int8', scales, amax } = parsed;
  if (type !== 'int8' && type !== 'float8e4m3fn')
    return fail(notAScaleFile(file, `its type is ${JSON.stringify(type)}`));
  if (!isRecord(scales) && !isRecord(amax))
    return fail(notAScaleFile(file, 'it has neither "scales" nor "amax"'));
  const read = new Map<string, number>();
  const warnings: Diagnostic[] = [];
  const take = (entries: unknown, divisor: number): void => {
    for (const [name, number] of Object.entries(isRecord(entries) ? entries : {}))
      if (typeof number === 'number' && number > 0 && number < Infinity)
        read.set(name, number / divisor);
      else warnings.push(scaleInvalid(file, name));
  };
  take(amax, HIGHEST[type]);
  take(scales, 1);
  const table: ScaleTable = {
    method: typeof method === 'string' ? method : '',
    type,
    scales: read,
  };
  return ok({ table, warnings });
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
