import { plainKernels } from '../../src/core/quant/plain-kernels.ts';
import type { QuantKernels } from '../../src/core/quant/quant-kernels.ts';
import { loadKernels } from '../../wasm/load-kernels.ts';
import { measure } from './measure.ts';
import type { Timing } from './measure.ts';

/** As many as the largest activations of image networks have; more would measure the memory of the machine. */
const COUNT = 1024 * 1024;
/** Bytes of values that each run works on. */
export const KERNEL_BYTES = 4 * COUNT;

const INT8 = { lowest: -128, highest: 127 };
const FP8 = { lowest: -448, highest: 448, steps: { smallest: 2 ** -9, perExponent: 2 ** -3 } };

type Call = (kernels: QuantKernels) => unknown;

function calls(): Readonly<Record<string, Call>> {
  const values = Float32Array.from({ length: COUNT }, (_, i) => Math.sin(i) * 3);
  const rectified = values.map((x) => Math.max(x, 0));
  const other = values.map((x) => Math.round(x * 50) / 50);
  const target = new Float32Array(COUNT);
  const scales = new Float32Array(COUNT).fill(0.02);
  const zeroPoints = new Float32Array(COUNT);
  const int8 = { scale: 0.02, zeroPoint: 0, grid: INT8 };
  return {
    range: (kernels) => kernels.range(values),
    histogram: (kernels) => kernels.histogram(values, -3, 3, 64),
    magnitudes: (kernels) => kernels.magnitudeHistogram(values, 3, 2048),
    'magnitudes, half zeros': (kernels) => kernels.magnitudeHistogram(rectified, 3, 2048),
    'int8 error': (kernels) => kernels.quantizeError(values, 0.02, 0, INT8),
    'fp8 error': (kernels) => kernels.quantizeError(values, 0.02, 0, FP8),
    'int8 error, a scale each': (kernels) =>
      kernels.quantizeErrorEach(values, scales, zeroPoints, INT8),
    'int8 fake quantization': (kernels) => kernels.fakeQuantize(values, int8, target),
    difference: (kernels) => kernels.difference(values, other, { floor: 0.01, step: 0.02 }),
  };
}

/** Times every kernel against its plain twin, in turn, wherever this runs: Node, a page, a worker. */
export async function kernelTimings(runs: number): Promise<Timing[]> {
  const wasm = await loadKernels();
  const works = Object.entries(calls()).flatMap(([name, call]) => [
    [`${name}, wasm`, () => call(wasm)] as const,
    [`${name}, plain`, () => call(plainKernels)] as const,
  ]);
  return measure(Object.fromEntries(works), { warmUp: 2, runs });
}
