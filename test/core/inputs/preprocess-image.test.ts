import assert from 'node:assert/strict';
import { test } from 'node:test';
import { preprocessImage } from '../../../src/core/inputs/preprocess-image.ts';
import type { Pixels } from '../../../src/core/inputs/preprocess-image.ts';
import { presetFor } from '../../../src/core/inputs/preprocess.ts';
import type { Preprocess } from '../../../src/core/inputs/preprocess.ts';
import { resizeImage } from '../../../src/core/inputs/resize-image.ts';
import type { RgbImage } from '../../../src/core/inputs/resize-image.ts';

/** An image whose bytes are all different enough; alpha is noise that must not matter. */
function picture(width: number, height: number): Pixels {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++)
        data[at++] = (x * x * 7 + y * 13 * (c + 1) + x * y * 5 + c * 91) % 256;
      data[at++] = (x * y) % 256;
    }
  return { width, height, data };
}
function rgbOf({ width, height, data }: Pixels): RgbImage {
  return { width, height, data: Uint8Array.from(data.filter((_, i) => i % 4 < 3)) };
}

function fnv(bytes: Uint8Array): string {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
}

test('resizing gives the bytes of Pillow 11.3', () => {
  // Taken from Image.fromarray(picture).resize((W, H), Image.BILINEAR).
  const cases = [
    [7, 5, 3, 2, 'f6109204'],
    [7, 5, 7, 2, '29b1b129'],
    [7, 5, 13, 11, 'd0f0538f'],
    [40, 30, 16, 16, '6c41e8fe'],
    [33, 65, 32, 17, 'e69e67fc'],
    [5, 9, 1, 1, '8ae6d148'],
  ] as const;
  for (const [w, h, width, height, sum] of cases)
    assert.equal(fnv(resizeImage(rgbOf(picture(w, h)), width, height).data), sum, `${w}x${h}`);
});

/** The same filter written down plainly: one pixel at a time, in doubles, without rounding in between. */
function plainResize(
  { width: w, height: h, data }: RgbImage,
  width: number,
  height: number,
): number[] {
  const out: number[] = [];
  const weight = (from: number, to: number, index: number, i: number): number => {
    const scale = from / to;
    const support = Math.max(1, scale);
    return Math.max(0, 1 - Math.abs((i + 0.5 - (index + 0.5) * scale) / support));
  };
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        let total = 0;
        for (let j = 0; j < h; j++)
          for (let i = 0; i < w; i++) {
            const share = weight(w, width, x, i) * weight(h, height, y, j);
            sum += share * (data[(j * w + i) * 3 + c] ?? NaN);
            total += share;
          }
        out.push(sum / total);
      }
  return out;
}

test('resizing is the filter that it says, to a rounding of each pass', () => {
  for (const [w, h, width, height] of [
    [7, 5, 3, 2],
    [9, 4, 4, 9],
    [12, 12, 5, 5],
  ] as const) {
    const image = rgbOf(picture(w, h));
    const got = resizeImage(image, width, height).data;
    for (const [i, want] of plainResize(image, width, height).entries())
      assert.ok(
        Math.abs(want - (got[i] ?? NaN)) <= 1.01,
        `${w}x${h} at ${i}: ${want}, ${got[i] ?? ''}`,
      );
  }
});

const settings = (changes: Partial<Preprocess>): Preprocess => ({
  ...presetFor('none', {
    width: 3,
    height: 2,
    channels: 'RGB',
    layout: 'NCHW',
    dataType: 'float32',
  }),
  ...changes,
});
function run(pixels: Pixels, changes: Partial<Preprocess>) {
  const result = preprocessImage(pixels, settings(changes));
  assert.ok(result.ok, result.ok ? '' : result.error.message);
  return result.value;
}
const SIX = {
  width: 3,
  height: 2,
  data: Uint8ClampedArray.from([
    ...[1, 2, 3, 0, 4, 5, 6, 9, 7, 8, 9, 255],
    ...[11, 12, 13, 0, 14, 15, 16, 9, 17, 18, 255, 255],
  ]),
};

test('layouts and channel orders', () => {
  const planes = [
    [1, 4, 7, 11, 14, 17],
    [2, 5, 8, 12, 15, 18],
    [3, 6, 9, 13, 16, 255],
  ];
  assert.deepEqual(run(SIX, {}), {
    dataType: 'float32',
    dims: [1, 3, 2, 3],
    data: Float32Array.from(planes.flat()),
  });
  assert.deepEqual(
    run(SIX, { channels: 'BGR' }).data,
    Float32Array.from(planes.toReversed().flat()),
  );
  const rows = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 255];
  assert.deepEqual(run(SIX, { layout: 'NHWC', dataType: 'uint8' }), {
    dataType: 'uint8',
    dims: [1, 2, 3, 3],
    data: Uint8Array.from(rows),
  });
  const half = run(SIX, { layout: 'NHWC', dataType: 'float16' }).data;
  assert.deepEqual(half.slice(0, 4), Uint16Array.of(0x3c00, 0x4000, 0x4200, 0x4400));
  const gray = run(SIX, { channels: 'GRAY', layout: 'NHWC' });
  assert.deepEqual(gray.dims, [1, 2, 3, 1]);
  assert.deepEqual(gray.data, Float32Array.of(2, 5, 8, 12, 15, 45));
});

test('scaling rounds each step to float32, and mean and deviation stay with their colour', () => {
  const mean = [0.485, 0.456, 0.406] as const;
  const std = [0.229, 0.224, 0.225] as const;
  const f = Math.fround;
  const want = (byte: number, c: 0 | 1 | 2): number => f(f(f(byte / 255) - f(mean[c])) / f(std[c]));
  const data = run(SIX, { divideBy: 255, mean, std, channels: 'BGR' }).data;
  assert.equal(data[0], want(3, 2));
  assert.equal(data[6], want(2, 1));
  assert.equal(data[17], want(17, 0));
  assert.ok(Math.abs(want(3, 2) - -1.7522) < 1e-4);
});

test('the shorter side, and the middle cut out', () => {
  const pixels = picture(10, 7);
  const got = run(pixels, { width: 4, height: 4, resize: 'shorter', shorterSide: 5 });
  // 10x7 becomes 7x5; (7 - 4) / 2 rounds to 2, (5 - 4) / 2 to 0, both half to even.
  const small = resizeImage(rgbOf(pixels), 7, 5);
  for (let y = 0; y < 4; y++)
    for (let x = 0; x < 4; x++)
      assert.equal(got.data[y * 4 + x], small.data[(y * 7 + x + 2) * 3], `${x},${y}`);
});

test('a letterbox keeps the proportions', () => {
  const pixels = picture(10, 5);
  const got = run(pixels, { width: 4, height: 5, resize: 'letterbox', fill: 114 });
  const small = resizeImage(rgbOf(pixels), 4, 2);
  const red = (y: number) => [...got.data.slice(y * 4, y * 4 + 4)];
  // Three rows of border: one above, two below.
  assert.deepEqual([red(0), red(3), red(4)], Array(3).fill([114, 114, 114, 114]));
  assert.deepEqual(
    red(1),
    [0, 3, 6, 9].map((i) => small.data[i]),
  );
  assert.deepEqual(
    red(2),
    [12, 15, 18, 21].map((i) => small.data[i]),
  );
});

test('presets follow the input', () => {
  const input = { width: 224, height: 224, channels: 'RGB', layout: 'NCHW' } as const;
  const imagenet = presetFor('imagenet', { ...input, dataType: 'float32' });
  assert.equal(imagenet.shorterSide, 256);
  assert.deepEqual(imagenet.std, [0.229, 0.224, 0.225]);
  assert.equal(presetFor('yolo', { ...input, dataType: 'float16' }).fill, 114);
  // A network that takes bytes scales by itself.
  const bytes = presetFor('imagenet', { ...input, dataType: 'uint8' });
  assert.deepEqual([bytes.divideBy, bytes.mean, bytes.std], [1, [0, 0, 0], [1, 1, 1]]);
});

test('settings that make no sense are refused', () => {
  for (const changes of [
    { width: 0 },
    { height: 1.5 },
    { divideBy: 0 },
    { std: [1, 0, 1] },
    { dataType: 'uint8', divideBy: 255 },
    { resize: 'shorter', shorterSide: 2 },
  ] as const) {
    const result = preprocessImage(SIX, settings(changes));
    assert.ok(!result.ok);
    assert.equal(result.error.code, 'inputs/preprocess-invalid');
  }
});
