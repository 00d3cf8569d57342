import {
  cacheNameUnwritable,
  damagedCacheLine,
  doubleCacheLine,
  notAScaleFile,
} from '../base/diagnostics/calibrate.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import { HIGHEST } from './quantized-type.ts';
import type { ReadScales, ScaleTable } from './scale-table.ts';

/*
 * TensorRT's calibration cache: a header with the version and the calibrator (`TRT-100600-EntropyCalibration2`), then a line
 * `name: hex` for each tensor, where hex is the float32 scale as a big-endian number and the range of INT8 is 127 times the
 * scale. Source: the caches that TensorRT's samples write, and onnxruntime's TensorRT provider, which reads them.
 */

const HEADER = /^\uFEFF?TRT-\d+-(\w+)\s*$/;
/** Names may hold colons and blanks: the last colon counts. TensorRT leaves leading zeros out. */
const LINE = /^(.+):\s*([0-9a-fA-F]{1,8})\s*$/;
/** The version that is written unless told: 10.6.0. */
const DEFAULT_VERSION = 100600;

const word = new DataView(new ArrayBuffer(4));

function floatOf(hex: string): number {
  word.setUint32(0, parseInt(hex, 16));
  return word.getFloat32(0);
}

function hexOf(scale: number): string {
  word.setFloat32(0, scale);
  return word.getUint32(0).toString(16).padStart(8, '0');
}

/**
 * Reads a calibration cache, with either kind of line end. Lines that do not read are left out, each with a warning that
 * names it; so are scales of 0, by which TensorRT says that it saw nothing but zeros, without a warning. `file` is for
 * messages. Fails when the first line is no header.
 */
export function readCalibrationCache(file: string, text: string): Result<ReadScales> {
  const [first = '', ...lines] = text.split(/\r\n|\n|\r/);
  const calibrator = HEADER.exec(first)?.[1];
  if (calibrator === undefined)
    return fail(notAScaleFile(file, 'its first line does not begin with TRT-'));
  const scales = new Map<string, number>();
  const warnings: Diagnostic[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const number = index + 2;
    const [, name, hex] = LINE.exec(line) ?? [];
    const scale = hex === undefined ? NaN : floatOf(hex);
    if (name === undefined || !(scale >= 0 && scale < Infinity)) {
      warnings.push(damagedCacheLine(file, number, line));
      continue;
    }
    if (scales.has(name)) warnings.push(doubleCacheLine(file, number, name));
    if (scale > 0) scales.set(name, scale);
  }
  return ok({ table: { method: calibrator, type: 'int8', scales }, warnings });
}

/**
 * `table` as a calibration cache, in its order; scales of another type are converted to those of INT8, the only one that the
 * format knows. Fails on a name with a line break.
 */
export function writeCalibrationCache(
  table: ScaleTable,
  version: number = DEFAULT_VERSION,
): Result<string> {
  const lines = [`TRT-${version}-${calibratorOf(table.method)}`];
  for (const [name, scale] of table.scales) {
    if (/[\r\n]/.test(name)) return fail(cacheNameUnwritable(name));
    const int8Scale = table.type === 'int8' ? scale : (scale * HIGHEST[table.type]) / HIGHEST.int8;
    lines.push(`${name}: ${hexOf(int8Scale)}`);
  }
  return ok(`${lines.join('\n')}\n`);
}

/** TensorRT refuses a cache of another calibrator than its own; what it never wrote goes as its default. */
function calibratorOf(method: string): string {
  if (/Calibration\d?$/.test(method)) return method;
  return method === 'max' ? 'MinMaxCalibration' : 'EntropyCalibration2';
}
