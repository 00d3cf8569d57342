import { preprocessInvalid } from '../base/diagnostics/inputs.ts';
import { fail, ok } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import { encodeSmallFloat } from '../ir/small-floats.ts';
import type { Preprocess } from './preprocess.ts';
import { resizeImage } from './resize-image.ts';
import type { RgbImage } from './resize-image.ts';
import type { RunData, RunTensor } from './run-tensor.ts';

/** A decoded image: four bytes a pixel (red, green, blue, alpha), row by row. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray | Uint8Array;
}

/**
 * One image as one sample of a batch of one: `[1, C, H, W]` or `[1, H, W, C]`. Alpha is ignored. Each number is
 * `(byte / divideBy - mean) / std`, every step rounded to float32 as PyTorch does it. Fails on settings that make no sense.
 */
export function preprocessImage(pixels: Pixels, settings: Preprocess): Result<RunTensor> {
  const problem = settingsProblem(pixels, settings);
  if (problem !== undefined) return fail(preprocessInvalid(problem));
  const image = fitted(withoutAlpha(pixels), settings);
  const planes = planesOf(settings);
  const { width, height, layout, dataType } = settings;
  const dims =
    layout === 'NCHW' ? [1, planes.length, height, width] : [1, height, width, planes.length];
  return ok({ dataType, dims, data: fill(image, planes, settings) });
}

function settingsProblem(pixels: Pixels, settings: Preprocess): string | undefined {
  const { width, height, resize, shorterSide, divideBy, mean, std, dataType } = settings;
  for (const [name, size] of Object.entries({ width, height, shorterSide }))
    if (!Number.isSafeInteger(size) || size < 1) return `${name} is ${size}`;
  if (pixels.width < 1 || pixels.height < 1) return 'the image is empty';
  if (resize === 'shorter' && shorterSide < Math.max(width, height))
    return `${width}x${height} cannot be cut out of a shorter side of ${shorterSide}`;
  if (divideBy === 0 || std.includes(0)) return 'it would divide by zero';
  const isPlain = divideBy === 1 && mean.every((m) => m === 0) && std.every((s) => s === 1);
  if (dataType === 'uint8' && !isPlain) return 'bytes cannot hold scaled numbers';
  return undefined;
}

function withoutAlpha({ width, height, data }: Pixels): RgbImage {
  const rgb = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < rgb.length; from += 4) {
    rgb[to++] = data[from]!;
    rgb[to++] = data[from + 1]!;
    rgb[to++] = data[from + 2]!;
  }
  return { width, height, data: rgb };
}

/** The image in the size of the network. */
function fitted(image: RgbImage, settings: Preprocess): RgbImage {
  const { width, height } = settings;
  switch (settings.resize) {
    case 'exact':
      return resizeImage(image, width, height);
    case 'shorter':
      return middleOf(shortened(image, settings.shorterSide), width, height);
    case 'letterbox':
      return letterboxed(image, settings);
  }
}

/** torchvision rounds the longer side down. */
function shortened(image: RgbImage, shorterSide: number): RgbImage {
  const { width, height } = image;
  return width <= height
    ? resizeImage(image, shorterSide, Math.trunc((shorterSide * height) / width))
    : resizeImage(image, Math.trunc((shorterSide * width) / height), shorterSide);
}

function middleOf(image: RgbImage, width: number, height: number): RgbImage {
  const left = roundHalfToEven((image.width - width) / 2);
  const top = roundHalfToEven((image.height - height) / 2);
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * image.width + left) * 3;
    data.set(image.data.subarray(from, from + width * 3), y * width * 3);
  }
  return { width, height, data };
}

function letterboxed(image: RgbImage, { width, height, fill }: Preprocess): RgbImage {
  const ratio = Math.min(width / image.width, height / image.height);
  const inner = resizeImage(
    image,
    Math.max(1, roundHalfToEven(image.width * ratio)),
    Math.max(1, roundHalfToEven(image.height * ratio)),
  );
  // An odd border is thinner at the left and on top, as YOLO has it.
  const left = Math.floor((width - inner.width) / 2);
  const top = Math.floor((height - inner.height) / 2);
  const data = new Uint8Array(width * height * 3).fill(fill);
  for (let y = 0; y < inner.height; y++)
    data.set(
      inner.data.subarray(y * inner.width * 3, (y + 1) * inner.width * 3),
      ((top + y) * width + left) * 3,
    );
  return { width, height, data };
}

/** Rounds as Python does, which the original pipelines are written in. */
function roundHalfToEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
}

/** One channel of the result: which byte of a pixel it takes, or the luma, and what becomes of each of the 256 bytes. */
interface Plane {
  readonly source: 0 | 1 | 2 | 'luma';
  readonly table: Float32Array;
}

function planesOf({ channels, divideBy, mean, std }: Preprocess): readonly Plane[] {
  const plane = (source: Plane['source'], statistics: 0 | 1 | 2): Plane => ({
    source,
    table: Float32Array.from({ length: 256 }, (_, byte) => {
      const centred = Math.fround(Math.fround(byte / divideBy) - Math.fround(mean[statistics]));
      return Math.fround(centred / Math.fround(std[statistics]));
    }),
  });
  switch (channels) {
    case 'RGB':
      return [plane(0, 0), plane(1, 1), plane(2, 2)];
    case 'BGR':
      return [plane(2, 2), plane(1, 1), plane(0, 0)];
    case 'GRAY':
      return [plane('luma', 0)];
  }
}

/** In the fixed-point form in which Pillow has it. */
const luma = (red: number, green: number, blue: number): number =>
  (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;

function fill(
  { width, height, data }: RgbImage,
  planes: readonly Plane[],
  { layout, dataType }: Preprocess,
): RunData {
  const count = width * height;
  const out = emptyArray(dataType, count * planes.length);
  const isPlanar = layout === 'NCHW';
  const step = isPlanar ? 1 : planes.length;
  for (const [channel, { source, table }] of planes.entries()) {
    const codes =
      dataType === 'float16'
        ? Uint16Array.from(table, (number) => encodeSmallFloat('float16', number))
        : table;
    let to = isPlanar ? channel * count : channel;
    for (let at = 0; at < data.length; at += 3, to += step) {
      const byte =
        source === 'luma' ? luma(data[at]!, data[at + 1]!, data[at + 2]!) : data[at + source]!;
      out[to] = codes[byte]!;
    }
  }
  return out;
}

function emptyArray(
  dataType: Preprocess['dataType'],
  length: number,
): Float32Array | Uint16Array | Uint8Array {
  if (dataType === 'float32') return new Float32Array(length);
  return dataType === 'float16' ? new Uint16Array(length) : new Uint8Array(length);
}
