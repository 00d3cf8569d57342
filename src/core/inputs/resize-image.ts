/** An image without its alpha channel: three bytes a pixel, row by row. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

const CHANNELS = 3;
/** Weights are whole numbers of 2^-22, as in Pillow: products with bytes then just fit 32 bits. */
const PRECISION_BITS = 22;
const HALF = 1 << (PRECISION_BITS - 1);

/** What one output pixel takes from a row or column: input pixels from `first` on, with their weights. */
interface Taps {
  readonly first: number;
  readonly weights: Int32Array;
}

/**
 * Resizes with a triangle filter that widens when the image shrinks (bilinear with antialiasing), columns after rows, each
 * rounded to bytes. The arithmetic is that of Pillow's `Image.resize(size, BILINEAR)`, because that is what most training
 * pipelines use: the same bytes as Pillow 11.3. Pillow 13 sometimes does rows after columns, which moves some bytes by one.
 * Source: Pillow, src/libImaging/Resample.c.
 */
export function resizeImage(image: RgbImage, width: number, height: number): RgbImage {
  const wide =
    width === image.width
      ? image
      : { width, height: image.height, data: resizeRows(image, tapsOf(image.width, width)) };
  return height === image.height
    ? wide
    : { width, height, data: resizeColumns(wide, tapsOf(image.height, height)) };
}

function tapsOf(from: number, to: number): readonly Taps[] {
  const scale = from / to;
  const support = Math.max(1, scale);
  // Multiplied where a division would round otherwise: the last bit decides some roundings.
  const narrow = 1 / support;
  return Array.from({ length: to }, (_, index) => {
    const center = (index + 0.5) * scale;
    const first = Math.max(0, Math.trunc(center - support + 0.5));
    const end = Math.min(from, Math.trunc(center + support + 0.5));
    const raw = Array.from({ length: end - first }, (_unused, i) =>
      Math.max(0, 1 - Math.abs((i + first - center + 0.5) * narrow)),
    );
    const sum = raw.reduce((a, b) => a + b, 0);
    const weights = raw.map((weight) => Math.trunc((weight / sum) * 2 ** PRECISION_BITS + 0.5));
    return { first, weights: Int32Array.from(weights) };
  });
}

const toByte = (sum: number): number => Math.max(0, Math.min(255, sum >> PRECISION_BITS));

function resizeRows({ width, height, data }: RgbImage, taps: readonly Taps[]): Uint8Array {
  const out = new Uint8Array(taps.length * height * CHANNELS);
  let to = 0;
  for (let y = 0; y < height; y++)
    for (const { first, weights } of taps)
      for (let c = 0; c < CHANNELS; c++) {
        let sum = HALF;
        let from = (y * width + first) * CHANNELS + c;
        for (let i = 0; i < weights.length; i++, from += CHANNELS) sum += data[from]! * weights[i]!;
        out[to++] = toByte(sum);
      }
  return out;
}

function resizeColumns({ width, data }: RgbImage, taps: readonly Taps[]): Uint8Array {
  const rowLength = width * CHANNELS;
  const out = new Uint8Array(taps.length * rowLength);
  let to = 0;
  for (const { first, weights } of taps)
    for (let x = 0; x < rowLength; x++) {
      let sum = HALF;
      let from = first * rowLength + x;
      for (let i = 0; i < weights.length; i++, from += rowLength) sum += data[from]! * weights[i]!;
      out[to++] = toByte(sum);
    }
  return out;
}
