import { imageUndecodable } from '../src/core/base/diagnostics/inputs.ts';
import { fail, ok } from '../src/core/base/result.ts';
import type { Result } from '../src/core/base/result.ts';
import type { Pixels } from '../src/core/inputs/preprocess-image.ts';

/**
 * Decodes an image file of any kind that the browser knows to the bytes that the file holds: no colour profile and no
 * rotation is applied.
 * Pixels that are partly transparent come out a little rounded, because canvases keep colours multiplied by alpha.
 */
export async function readImage(file: File): Promise<Result<Pixels>> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(await withoutExif(file), {
      colorSpaceConversion: 'none',
      premultiplyAlpha: 'none',
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return fail(imageUndecodable(file.name, reason));
  }
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height);
  // The pixels are read once and never drawn to a screen: no graphics memory is wanted.
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) {
    bitmap.close();
    return fail(imageUndecodable(file.name, `the browser gives no canvas of ${width}x${height}`));
  }
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return ok({ width, height, data: context.getImageData(0, 0, width, height).data });
}

const EXIF = 0xe1;
const START_OF_SCAN = 0xda;

/**
 * A JPEG without what the camera noted, any other file as it is. Browsers turn images by that note and offer no way to keep
 * them from it; Pillow and our own command line do not, so that networks were trained and are run elsewhere on unturned ones.
 */
async function withoutExif(file: File): Promise<Blob> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return file;
  const kept: Blob[] = [file.slice(0, 2)];
  let at = 2;
  // Segments before the image data: 0xff, kind, and a length that counts itself.
  while (bytes[at] === 0xff && bytes[at + 1] !== START_OF_SCAN && at + 4 <= bytes.length) {
    const end = at + 2 + bytes[at + 2]! * 256 + bytes[at + 3]!;
    if (bytes[at + 1] !== EXIF) kept.push(file.slice(at, end));
    at = end;
  }
  return new Blob([...kept, file.slice(at)]);
}
