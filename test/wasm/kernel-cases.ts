import type { QuantGrid, QuantKernels } from '../../src/core/quant/quant-kernels.ts';

/** Random numbers that are the same in each run: xorshift32. Gives grid from 0 to 2^32 - 1. */
export function randomBits(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>>= 0);
  };
}

const LENGTHS = [0, 1, 2, 3, 4, 5, 7, 63, 1023, 1024, 1025, 4099, 65535, 65536, 65537, 140001];
const GRIDS: Readonly<Record<string, QuantGrid>> = {
  int8: { lowest: -128, highest: 127 },
  uint8: { lowest: 0, highest: 255 },
  int4: { lowest: -8, highest: 7 },
  uint4: { lowest: 0, highest: 15 },
  int16: { lowest: -32768, highest: 32767 },
  float8e4m3fn: {
    lowest: -448,
    highest: 448,
    steps: { smallest: 2 ** -9, perExponent: 2 ** -3 },
  },
  float4e2m1: { lowest: -6, highest: 6, steps: { smallest: 0.5, perExponent: 0.5 } },
};

/** Fills: how a case's values come about. Each is a hard part of f32 of its own. */
const FILLS: Readonly<Record<string, (next: () => number) => number>> = {
  'near zero': (next) => (next() / 2 ** 32 - 0.5) * 4,
  'halves, so that rounding ties': (next) => (next() % 601) / 2 - 150,
  'denormals and zeros of both signs': (next) => ((next() % 9) - 4) * 1e-45 * (next() % 3),
  'huge, so that sums overflow': (next) => (next() / 2 ** 32 - 0.5) * 6.8e38,
  'any bit pattern, NaN and Inf among them': (next) => floatOfBits(next()),
  'NaN and Inf in between': (next) => [NaN, Infinity, -Infinity, 1.5, -2.5][next() % 5]!,
  'all the same': () => 0.1,
};

const scratch = new DataView(new ArrayBuffer(4));
function floatOfBits(bits: number): number {
  scratch.setUint32(0, bits);
  return scratch.getFloat32(0);
}

/** One input for all kernels. */
export interface KernelCase {
  readonly name: string;
  readonly values: Float32Array;
  readonly scale: number;
  readonly zeroPoint: number;
  readonly scales: Float32Array;
  readonly zeroPoints: Float32Array;
  readonly grid: QuantGrid;
}

/** Every fill at every length, aligned and not, with changing types, scales and zero points. */
export function* kernelCases(): Generator<KernelCase, void, undefined> {
  const next = randomBits(20261123);
  const types = Object.keys(GRIDS);
  for (const [fill, value] of Object.entries(FILLS)) {
    for (const length of LENGTHS) {
      const type = types[next() % types.length]!;
      // A view that starts one float into its buffer: kernels must not count on 16-byte alignment.
      const values = new Float32Array(length + 1).subarray(1).map(() => value(next));
      yield {
        name: `${fill}; ${String(length)} values; ${type}`,
        values,
        scale: SCALES[next() % SCALES.length]!,
        zeroPoint: next() % 3 === 0 ? (next() % 21) - 10 : 0,
        scales: values.map(() => SCALES[next() % SCALES.length]!),
        zeroPoints: values.map(() => (next() % 21) - 10),
        grid: GRIDS[type]!,
      };
    }
  }
}

const SCALES = [1, 0.5, 0.1, 1 / 127, 0.0078125, 3.7e-5, 1e-40, 1e30];

/** Everything the kernels say about a case, as text in which each bit of each number shows. */
export function kernelAnswers(kernels: QuantKernels, test: KernelCase): string {
  const { values, scale, zeroPoint, scales, zeroPoints, grid } = test;
  const range = kernels.range(values);
  const { minimum, maximum } = range;
  const faked = new Float32Array(values.length);
  const use = kernels.fakeQuantize(values, { scale, zeroPoint, grid }, faked);
  const [a, b] = [faked, values];
  const answers = {
    range,
    histogram: [...kernels.histogram(values, minimum, maximum, 64)],
    narrow: [...kernels.histogram(values, -1, 0.75, 7)],
    one: [...kernels.histogram(values, 0, 0, 1)],
    magnitudes: [...kernels.magnitudeHistogram(values, Math.max(maximum, 1e-45), 2048)],
    clipped: [...kernels.magnitudeHistogram(values, 0.75, 7)],
    error: kernels.quantizeError(values, scale, zeroPoint, grid),
    use,
    faked: [...faked],
    difference: kernels.difference(a, b, { floor: 0, step: scale / 2 }),
    backwards: kernels.difference(b, a, { floor: 0.25, step: Infinity }),
    // Other numbers at each place, so that NaN, infinite and finite ones meet.
    turned: kernels.difference(values, values.slice().reverse(), { floor: scale, step: 1 }),
    errorEach: kernels.quantizeErrorEach(values, scales, zeroPoints, grid),
  };
  return JSON.stringify(answers, (_key, value: unknown) =>
    typeof value === 'number' ? bitsOf(value) : value,
  );
}

function bitsOf(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return Number.isNaN(value) ? 'NaN' : view.getBigUint64(0).toString(16);
}
