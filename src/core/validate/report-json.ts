import { notAReport } from '../base/diagnostics/validate.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import { REPORT_VERSION } from './validation-report.ts';
import type { TensorDetail, ValidationReport } from './validation-report.ts';

/** JSON has no such numbers; as strings they survive, and no other field of numbers holds strings. */
const SPECIAL: Readonly<Record<string, number>> = { Infinity, '-Infinity': -Infinity, NaN };
/** Fields that are names: there `NaN` is a name. */
const NAMES = new Set([
  'tensor',
  'node',
  'value',
  'output',
  'opType',
  'message',
  'advice',
  'before',
  'after',
  'inputs',
  'firstApart',
  'worst',
  'layer',
  'nodes',
  'names',
  'text',
  'passes',
]);

/** A report as JSON: numbers that JSON lacks as the strings `Infinity`, `-Infinity` and `NaN`, samples as plain arrays. */
export const jsonReport = (report: ValidationReport): string =>
  `${JSON.stringify(
    report,
    (_key, value: unknown) =>
      value instanceof Float32Array
        ? Array.from(value, special)
        : typeof value === 'number'
          ? special(value)
          : value,
    1,
  )}\n`;

const special = (value: number): number | string =>
  Number.isFinite(value) ? value : String(value);

/** Reads what `jsonReport` wrote. Fails on text that is none, and on a report of a later version. */
export function readReport(text: string, file: string): Result<ValidationReport> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return fail(notAReport(file, error instanceof Error ? error.message : String(error)));
  }
  if (!isObject(parsed) || !isObject(parsed['verdict']))
    return fail(notAReport(file, 'it has no verdict'));
  if (parsed['version'] !== REPORT_VERSION)
    return fail(notAReport(file, `its version is ${JSON.stringify(parsed['version'])}`));
  return ok(revived(parsed, '') as ValidationReport);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `key`: of the field that holds the value, that of the array for its elements. */
function revived(value: unknown, key: string): unknown {
  if (typeof value === 'string') return NAMES.has(key) ? value : (SPECIAL[value] ?? value);
  if (Array.isArray(value)) {
    const elements: unknown[] = value.map((element: unknown) => revived(element, key));
    const scatter: keyof TensorDetail = 'scatter';
    return key === scatter ? Float32Array.from(elements, Number) : elements;
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, revived(field, name)]),
  );
}
