import { imageUndecodable } from '../src/core/base/diagnostics/inputs.ts';
import { fail, ok } from '../src/core/base/result.ts';
import type { Result } from '../src/core/base/result.ts';
import type { Pixels } from '../src/core/inputs/preprocess-image.ts';

/**
 * Decodes an image file of any kind that the browser knows to the bytes that the file holds: no colour profile is applied.
 * Pixels that are partly transparent come out a little rounded, because canvases keep colours multiplied by alpha.
 */
export async function readImage(file: File): Promise<Result<Pixels>> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file, {
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
