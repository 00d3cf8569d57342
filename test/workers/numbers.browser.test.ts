import { expect } from '@esm-bundle/chai';
import * as Comlink from 'comlink';
import { zlibSync } from 'fflate';
import type { NumbersApi, Progress } from '../../src/api/numbers-api.ts';
import { readImage } from '../../workers/read-image.ts';
import { saveModel } from '../../src/core/onnx/index.ts';
import { modelOf, valueOf } from '../ort/run-support.ts';

function crc(bytes: Uint8Array): number {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let i = 0; i < 8; i++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}
const uint32 = (number: number): number[] =>
  [24, 16, 8, 0].map((shift) => (number >>> shift) & 255);

function chunk(type: string, data: Iterable<number>): number[] {
  const body = [...new TextEncoder().encode(type), ...data];
  return [...uint32(body.length - 4), ...body, ...uint32(crc(Uint8Array.from(body)))];
}

/** A PNG without alpha that says that its numbers are linear light: a browser that manages colours would change them. */
function png(width: number, height: number, rgb: Uint8Array): File {
  const rows: number[] = [];
  for (let y = 0; y < height; y++)
    rows.push(0, ...rgb.subarray(y * width * 3, (y + 1) * width * 3));
  const bytes = Uint8Array.from([
    ...[0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10],
    ...chunk('IHDR', [...uint32(width), ...uint32(height), 8, 2, 0, 0, 0]),
    ...chunk('gAMA', uint32(100000)),
    ...chunk('IDAT', zlibSync(Uint8Array.from(rows))),
    ...chunk('IEND', []),
  ]);
  return new File([bytes], 'test.png');
}

/** A gray JPEG of 16 by 8 pixels whose EXIF data says that it is to be turned by 90 degrees. */
const TURNED_JPEG =
  '/9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAD/2wBDABsSFBcUER' +
  'sXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/wAALCAAIABAB' +
  'AREA/8QAFQABAQAAAAAAAAAAAAAAAAAAAAT/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oACAEBAAA/AJx//9k=';

const WIDTH = 37;
const HEIGHT = 23;
const rgb = Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => (i * i * 31 + i * 7) % 256);

describe('images in the browser', () => {
  it('are decoded to the bytes that the file holds', async () => {
    const pixels = valueOf(await readImage(png(WIDTH, HEIGHT, rgb)));
    expect([pixels.width, pixels.height]).to.deep.equal([WIDTH, HEIGHT]);
    const got = pixels.data.filter((_, i) => i % 4 < 3);
    expect([...got]).to.deep.equal([...rgb]);
    expect(pixels.data.every((byte, i) => i % 4 < 3 || byte === 255)).to.equal(true);
  });

  it('are not turned by what the camera noted', async () => {
    const bytes = Uint8Array.from(atob(TURNED_JPEG), (letter) => letter.charCodeAt(0));
    const pixels = valueOf(await readImage(new File([bytes], 'turned.jpg')));
    expect([pixels.width, pixels.height]).to.deep.equal([16, 8]);
    expect(pixels.data[0]).to.be.closeTo(100, 3);
  });

  it('that are none are refused by name', async () => {
    const result = await readImage(new File(['no image'], 'a.png'));
    expect(result.ok ? '' : `${result.error.code} ${result.error.place?.file ?? ''}`).to.equal(
      'inputs/image-undecodable a.png',
    );
  });
});

describe('the worker for numbers', () => {
  it('runs a model over dropped images', async () => {
    const worker = new Worker(new URL('../../workers/numbers.worker.ts', import.meta.url), {
      type: 'module',
    });
    try {
      const numbers = Comlink.wrap<NumbersApi>(worker);
      await numbers.start({ ortFolder: new URL('/ort/', location.href).href, threads: 2 });
      const graph = `g (float[1, 3, ${HEIGHT}, ${WIDTH}] x) => (float[1, 3, 1, 1] y)
        { y = GlobalMaxPool (x) }`;
      const blob = valueOf(await saveModel(modelOf(graph)));
      const model = valueOf(await numbers.open([new File([blob], 'm.onnx')]));
      const files = [
        png(WIDTH, HEIGHT, rgb),
        png(
          WIDTH,
          HEIGHT,
          rgb.map((byte) => byte >> 1),
        ),
      ];
      const steps: number[] = [];
      const summaries = valueOf(
        await numbers.run(
          model.id,
          { kind: 'files', files, preset: 'none' },
          ['x', 'y'],
          Comlink.proxy(({ fraction }: Progress) => {
            steps.push(fraction ?? NaN);
          }),
        ),
      );
      const sum = rgb.reduce((total, byte) => total + byte + (byte >> 1), 0);
      expect(summaries[0]).to.deep.equal({
        name: 'x',
        dataType: 'float32',
        dims: [1, 3, HEIGHT, WIDTH],
        count: 2 * rgb.length,
        min: Math.min(...rgb) >> 1,
        max: Math.max(...rgb),
        mean: sum / (2 * rgb.length),
        nonFinite: 0,
      });
      expect(summaries[1]?.count).to.equal(6);
      expect(steps).to.deep.equal([0, 0.5, 1]);
      await numbers.close(model.id);
    } finally {
      worker.terminate();
    }
  });
});
