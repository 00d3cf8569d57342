import { readFile } from 'node:fs/promises';
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { fail, ok } from '../core/base/result.ts';
import type { Result } from '../core/base/result.ts';
import type { Pixels } from '../core/inputs/preprocess-image.ts';
import { cannotRead, imageUnreadable } from './cli-diagnostics.ts';
import { reasonOf } from './file-byte-source.ts';

/** Megapixels and megabytes to which a JPEG may unfold: more is an attack or a mistake, no sample. */
const LARGEST_JPEG = { maxResolutionInMP: 200, maxMemoryUsageInMB: 2048 };

/** Reads a PNG or JPEG file, told apart by its first bytes. Sixteen-bit PNGs are rounded to eight; colour profiles are ignored. */
export async function readImage(path: string): Promise<Result<Pixels>> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    return fail(cannotRead(path, reasonOf(error)));
  }
  const isPng = bytes.subarray(1, 4).toString('latin1') === 'PNG';
  const isJpeg = bytes[0] === 0xff && bytes[1] === 0xd8;
  if (!isPng && !isJpeg) return fail(imageUnreadable(path, 'it is neither PNG nor JPEG'));
  try {
    if (isPng) return ok(PNG.sync.read(bytes));
    return ok(jpeg.decode(bytes, { useTArray: true, formatAsRGBA: true, ...LARGEST_JPEG }));
  } catch (error) {
    return fail(imageUnreadable(path, error instanceof Error ? error.message : String(error)));
  }
}
